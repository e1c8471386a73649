import { type DataSourceSrv, setDataSourceSrv } from '@grafana/runtime';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { type Settings } from './config/settings';
import ConfigEditor from './ConfigEditor';

const SOURCES = ['Traces', 'Logs'].map((name) => ({
  ...{ name, uid: name.toLowerCase() },
  meta: { tracing: name === 'Traces', info: { logos: { small: '' } } },
}));

beforeEach(() =>
  setDataSourceSrv({
    getList: ({ tracing }: { tracing?: boolean }) => SOURCES.filter(({ meta }) => !tracing || meta.tracing),
    getInstanceSettings: (uid: string) => SOURCES.find((source) => source.uid === uid),
  } as unknown as DataSourceSrv)
);

/** Renders the editor; `settings()` are those after the last change. */
function setup(initial: Partial<Settings> = {}) {
  let settings = { jsonData: {}, secureJsonFields: {}, ...initial } as Settings;
  function Editor() {
    const [options, setOptions] = useState(settings);
    return <ConfigEditor options={options} onOptionsChange={(changed) => setOptions((settings = changed))} />;
  }
  render(<Editor />);
  return { settings: () => settings };
}

it('writes each setting where the backend reads it', async () => {
  const { settings } = setup();

  await userEvent.type(screen.getByLabelText(/^Host URL/), 'db:5433');
  await userEvent.type(screen.getByLabelText(/^Database/), 'shop');
  await userEvent.type(screen.getByLabelText(/^User/), 'reader');
  await userEvent.type(screen.getByLabelText(/^Password/), 'secret');
  await userEvent.type(screen.getByLabelText(/^Max open/), '5');
  await userEvent.click(screen.getByLabelText(/^PgBouncer/));
  await userEvent.click(screen.getByLabelText(/^Run the worker/));

  expect(settings()).toMatchObject({
    url: 'db:5433',
    user: 'reader',
    jsonData: { database: 'shop', maxOpenConns: 5, pgBouncer: true, runWorker: true },
    secureJsonData: { password: 'secret' },
  });
});

it('takes a data source of traces, and no other', async () => {
  const { settings } = setup();
  await userEvent.click(screen.getByLabelText(/^Data source of traces/));
  expect(screen.queryByText('Logs')).not.toBeInTheDocument();
  await userEvent.click(screen.getByText('Traces', { selector: '[role=option] *' }));
  await userEvent.type(screen.getByLabelText(/^Trace id/), 'trace.id');
  expect(settings().jsonData).toEqual({ tracingDatasourceUid: 'traces', traceIdAttribute: 'trace.id' });
});

it('asks for the certificates that the TLS mode uses', async () => {
  const { settings } = setup();
  expect(screen.queryByLabelText(/root certificate/)).not.toBeInTheDocument();

  await userEvent.click(screen.getByLabelText('verify-full'));
  await userEvent.type(screen.getByLabelText(/root certificate/), 'PEM');
  expect(settings()).toMatchObject({ jsonData: { sslmode: 'verify-full' }, secureJsonData: { tlsCACert: 'PEM' } });

  await userEvent.click(screen.getByLabelText('disable'));
  expect(screen.queryByLabelText(/certificate/)).not.toBeInTheDocument();
});

it('never shows a stored password but lets it be replaced', async () => {
  const { settings } = setup({ secureJsonFields: { password: true } });
  expect(screen.getByLabelText(/^Password/)).toBeDisabled();

  await userEvent.click(screen.getByRole('button', { name: /reset/i }));
  await userEvent.type(screen.getByLabelText(/^Password/), 'new');

  expect(settings().secureJsonData?.password).toBe('new');
});
