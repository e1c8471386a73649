import { type DataSourceInstanceSettings } from '@grafana/data';
import { config, locationService, setBackendSrv, setDataSourceSrv } from '@grafana/runtime';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { NEVER, of, throwError } from 'rxjs';

import StartPage from './StartPage';

// The frame of a page comes from Grafana itself.
jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  PluginPage: ({ children }: React.PropsWithChildren) => children,
}));

const FOOTFALL = { uid: 'footfall', name: 'Footfall' } as DataSourceInstanceSettings;

/** Renders the page in a Grafana that has these datasources and answers calls as `fetch` does. */
function setup({ datasources = [FOOTFALL], fetch = jest.fn(), role = 'Admin' }) {
  setDataSourceSrv({ getList: () => datasources, reload: async () => {} } as never);
  setBackendSrv({ fetch } as never);
  config.bootData = { user: { orgRole: role, isGrafanaAdmin: false } } as never;
  render(<StartPage />);
  return { fetch };
}

const refuses = (message: string) => jest.fn(() => throwError(() => ({ data: { message } })));

/** A Grafana where the datasource's test ends so, and nothing else answers. */
const tested = (message: string) =>
  jest.fn(({ url }: { url: string }) => (url.endsWith('/health') ? throwError(() => ({ data: { message } })) : NEVER));

it('says what is wrong, leads to the settings and tests again', async () => {
  const { fetch } = setup({ fetch: tested('The password is wrong.') });

  expect(await screen.findByText('The password is wrong.')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Settings' })).toHaveAttribute(
    'href',
    '/connections/datasources/edit/footfall'
  );
  const before = fetch.mock.calls.length;
  await userEvent.click(screen.getByRole('button', { name: 'Test again' }));
  expect(fetch).toHaveBeenCalledTimes(before + 1);
});

it('creates the datasource and opens its settings', async () => {
  const { fetch } = setup({ datasources: [], fetch: jest.fn(() => of({ data: { datasource: { uid: 'footfall' } } })) });

  await userEvent.click(screen.getByRole('button', { name: 'Create the datasource' }));

  expect(fetch).toHaveBeenCalledWith(
    expect.objectContaining({
      method: 'POST',
      url: '/api/datasources',
      data: expect.objectContaining({ type: 'footfall-analytics-datasource', uid: 'footfall', name: 'Footfall' }),
    })
  );
  expect(locationService.getLocation().pathname).toBe('/connections/datasources/edit/footfall');
});

it('says why Grafana refuses to create it', async () => {
  setup({ datasources: [], fetch: refuses('data source with the same name already exists') });

  await userEvent.click(screen.getByRole('button', { name: 'Create the datasource' }));

  expect(await screen.findByText('data source with the same name already exists')).toBeInTheDocument();
});

it('sends those who may not create it to an administrator', () => {
  setup({ datasources: [], role: 'Viewer' });

  expect(screen.getByText(/Ask an administrator/)).toBeInTheDocument();
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});
