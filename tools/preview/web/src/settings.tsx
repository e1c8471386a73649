/** The data sources, and the settings of one. */
import { type DataSourcePluginComponents, type DataSourceSettings } from '@grafana/data';
import { getBackendSrv, getDataSourceSrv, locationService } from '@grafana/runtime';
import { Alert, Button, Card, Field, Input } from '@grafana/ui';
import { useState } from 'react';

import { importDatasourcePlugin } from './loader';
import { Loaded, Page } from './page';

export function DatasourcesPage() {
  return (
    <Page title="Data sources" subTitle="They live as long as this preview runs.">
      {getDataSourceSrv()
        .getList()
        .map(({ uid, name, type, isDefault }) => (
          <Card key={uid} href={`/connections/datasources/edit/${encodeURIComponent(uid)}`}>
            <Card.Heading>{name}</Card.Heading>
            <Card.Meta>{[type, isDefault ? 'default' : '']}</Card.Meta>
          </Card>
        ))}
    </Page>
  );
}

const addressOf = (uid: string) => `/api/datasources/uid/${encodeURIComponent(uid)}`;

export function SettingsPage({ uid }: { uid: string }) {
  const load = async () => {
    const stored = await getBackendSrv().get<DataSourceSettings>(addressOf(uid));
    const { meta } = getDataSourceSrv().getInstanceSettings(uid)!;
    return { stored, ConfigEditor: (await importDatasourcePlugin(meta)).components.ConfigEditor };
  };
  return <Loaded load={load}>{(loaded) => <Settings {...loaded} />}</Loaded>;
}

interface Props {
  stored: DataSourceSettings;
  ConfigEditor?: DataSourcePluginComponents<never>['ConfigEditor'];
}

function Settings({ stored, ConfigEditor }: Props) {
  const [options, setOptions] = useState(stored);
  const [outcome, setOutcome] = useState<{ severity: 'success' | 'error'; title: string }>();
  const url = addressOf(stored.uid);
  const failed = (error: any) => setOutcome({ severity: 'error', title: error.data?.message ?? String(error) });

  const save = async () => {
    setOutcome(undefined);
    try {
      const { datasource } = await getBackendSrv().put(url, options);
      setOptions(datasource);
      await getDataSourceSrv().reload();
      const { message } = await getBackendSrv().get(`${url}/health`);
      setOutcome({ severity: 'success', title: message });
    } catch (error) {
      failed(error);
    }
  };
  const remove = async () => {
    await getBackendSrv().delete(url).catch(failed);
    await getDataSourceSrv().reload();
    locationService.push('/connections/datasources');
  };

  return (
    <Page title={options.name} subTitle={options.type}>
      <Field label="Name" htmlFor="datasource-name">
        <Input
          id="datasource-name"
          width={40}
          value={options.name}
          onChange={({ currentTarget }) => setOptions({ ...options, name: currentTarget.value })}
        />
      </Field>
      {ConfigEditor && <ConfigEditor options={options as never} onOptionsChange={setOptions as never} />}
      {outcome && <Alert {...outcome} />}
      <div style={{ display: 'flex', gap: 8, paddingBottom: 32 }}>
        <Button onClick={save}>Save &amp; test</Button>
        <Button variant="destructive" onClick={remove}>
          Delete
        </Button>
      </div>
    </Page>
  );
}
