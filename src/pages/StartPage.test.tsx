import { type DataSourceInstanceSettings } from '@grafana/data';
import { config, locationService, setBackendSrv, setDataSourceSrv } from '@grafana/runtime';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { of, throwError } from 'rxjs';

import { StartPage } from './StartPage';

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

const answers = (data: unknown) => jest.fn(() => of({ data }));
const refuses = (message: string) => jest.fn(() => throwError(() => ({ data: { message } })));

it('tests the datasource and links to its users', async () => {
  setup({ fetch: answers({ status: 'OK', message: '200 users, 3 s behind' }) });

  expect(await screen.findByText('Footfall is connected')).toBeInTheDocument();
  expect(screen.getByText('200 users, 3 s behind')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: /Users/ })).toHaveAttribute(
    'href',
    '/a/footfall-analytics-app/users?ds=footfall'
  );
});

it('says what is wrong, offers the settings first and tests again', async () => {
  const { fetch } = setup({ fetch: refuses('The password is wrong.') });

  expect(await screen.findByText('The password is wrong.')).toBeInTheDocument();
  expect(screen.getAllByRole('link')[0]).toHaveAttribute('href', '/connections/datasources/edit/footfall');

  await userEvent.click(screen.getByRole('button', { name: 'Test again' }));
  expect(fetch).toHaveBeenCalledTimes(2);
});

it('creates the datasource and opens its settings', async () => {
  const { fetch } = setup({ datasources: [], fetch: answers({ datasource: { uid: 'footfall' } }) });

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
