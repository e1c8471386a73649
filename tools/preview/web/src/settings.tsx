/** The data sources, and the settings of one. */
import { type DataSourcePlugin, type DataSourcePluginMeta, type DataSourceSettings } from '@grafana/data';
import { config, getBackendSrv, getDataSourceSrv, locationService } from '@grafana/runtime';
import { Alert, Button, Card, Field, Input, LoadingPlaceholder } from '@grafana/ui';
import { useEffect, useState } from 'react';

import { importDatasourcePlugin } from './loader';
import { Page } from './page';

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

export function SettingsPage({ uid }: { uid: string }) {
  const [options, setOptions] = useState<DataSourceSettings>();
  const [plugin, setPlugin] = useState<DataSourcePlugin<never>>();
  const [outcome, setOutcome] = useState<{ severity: 'success' | 'error'; title: string }>();
  const url = `/api/datasources/uid/${encodeURIComponent(uid)}`;
  const failed = (error: any) => setOutcome({ severity: 'error', title: error.data?.message ?? String(error) });

  useEffect(() => {
    getBackendSrv()
      .get<DataSourceSettings>(url)
      .then(async (found) => {
        setPlugin((await importDatasourcePlugin(metaOf(found.type))) as never);
        setOptions(found);
      })
      .catch(failed);
  }, [url]);

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

  if (!options || !plugin) {
    return outcome ? <Alert {...outcome} /> : <LoadingPlaceholder text="Loading ..." />;
  }
  const ConfigEditor = plugin.components.ConfigEditor;
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

/** A plugin's meta: every data source of its type has it. */
const metaOf = (type: string): DataSourcePluginMeta =>
  Object.values(config.datasources).find((ds) => ds.type === type)!.meta;
