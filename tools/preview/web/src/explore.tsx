/** One query with its editor, and what it answers: a graph where it has times, tables, and the SQL that was run. */
import {
  CoreApp,
  type DataQuery,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  FieldType,
  type PanelData,
} from '@grafana/data';
import { config, getDataSourceSrv, locationService } from '@grafana/runtime';
import {
  EmbeddedScene,
  SceneControlsSpacer,
  SceneFlexItem,
  SceneFlexLayout,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  VizPanel,
} from '@grafana/scenes';
import { Alert, Button, Drawer, InlineField, Select } from '@grafana/ui';
import { Suspense, useEffect, useMemo, useState } from 'react';

import { Page } from './page';

/** What stands in the address as panes={"A": ...}, as in Grafana from 10.1 on. */
interface Pane {
  datasource?: string;
  queries: DataQuery[];
  range: { from: string; to: string };
}

function paneOf(search: string): Pane {
  const panes = JSON.parse(new URLSearchParams(search).get('panes') ?? '{}');
  const [pane] = Object.values<Partial<Pane>>(panes);
  return { queries: [], range: { from: 'now-30d', to: 'now' }, ...pane };
}

const addressOf = (pane: Pane) => `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ A: pane }))}`;

export function ExplorePage({ search }: { search: string }) {
  const pane = useMemo(() => paneOf(search), [search]);
  const settings = getDataSourceSrv().getInstanceSettings(pane.datasource);
  const all = getDataSourceSrv().getList();
  return (
    <Page title="Explore">
      {all.length > 1 && (
        <InlineField label="Data source" labelWidth={14}>
          <Select
            aria-label="Data source"
            width={40}
            value={settings?.uid}
            options={all.map(({ uid, name }) => ({ value: uid, label: name }))}
            onChange={({ value }) => locationService.push(addressOf({ ...pane, datasource: value, queries: [] }))}
          />
        </InlineField>
      )}
      {settings ? (
        <Asking key={settings.uid} pane={pane} settings={settings} />
      ) : (
        <Alert title="There is no data source yet" severity="info" />
      )}
    </Page>
  );
}

function Asking({ pane, settings }: { pane: Pane; settings: DataSourceInstanceSettings }) {
  const [datasource, setDatasource] = useState<DataSourceApi>();
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => {
    getDataSourceSrv()
      .get(settings.uid)
      .then(setDatasource, (error) => setRefusal(String(error)));
  }, [settings.uid]);
  if (refusal) {
    return <Alert severity="error" title={refusal} />;
  }
  return datasource ? <Query {...{ pane, settings, datasource }} /> : null;
}

function Query({
  pane,
  settings,
  datasource,
}: {
  pane: Pane;
  settings: DataSourceInstanceSettings;
  datasource: DataSourceApi;
}) {
  const ref = { uid: settings.uid, type: settings.type };
  const [query, setQuery] = useState<DataQuery>(
    () => pane.queries[0] ?? { refId: 'A', ...datasource.getDefaultQuery?.(CoreApp.Explore) }
  );
  const [runner] = useState(() => new SceneQueryRunner({ datasource: ref, queries: [query] as never }));
  const [scene] = useState(() => sceneOf(pane, runner));
  const { data } = runner.useState();
  const [panel, setPanel] = useState<'help' | 'inspect'>();
  const run = (changed: DataQuery) => {
    runner.setState({ queries: [{ ...changed, datasource: ref }] as never });
    runner.runQueries();
    locationService.replace(addressOf({ ...pane, datasource: settings.uid, queries: [changed] }));
  };
  useDrawn(scene, data);
  const { QueryEditor, QueryEditorHelp } = datasource.components ?? {};
  return (
    <>
      <Suspense>
        {QueryEditor && (
          <QueryEditor
            {...{ datasource, query, data, range: data?.timeRange, app: CoreApp.Explore, queries: [query] }}
            onChange={setQuery}
            onRunQuery={() => setQuery((latest) => (setTimeout(() => run(latest)), latest))}
          />
        )}
      </Suspense>
      <div style={{ display: 'flex', gap: 8, margin: '8px 0' }}>
        <Button icon="sync" onClick={() => run(query)}>
          Run query
        </Button>
        <Button variant="secondary" icon="info-circle" onClick={() => setPanel('inspect')}>
          Inspect
        </Button>
        {QueryEditorHelp && (
          <Button variant="secondary" icon="question-circle" onClick={() => setPanel('help')}>
            Show data source help
          </Button>
        )}
      </div>
      {panel === 'help' && QueryEditorHelp && (
        <QueryEditorHelp
          {...{ datasource, query, exploreId: 'A' }}
          onClickExample={(example: DataQuery) => {
            setPanel(undefined);
            setQuery({ ...example, refId: 'A' });
            run({ ...example, refId: 'A' });
          }}
        />
      )}
      {panel === 'inspect' && <Inspect data={data} onClose={() => setPanel(undefined)} />}
      {data?.errors?.map(({ message }, i) => (
        <Alert key={i} severity="error" title={message ?? 'The query failed'} />
      ))}
      <scene.Component model={scene} />
    </>
  );
}

function sceneOf({ range }: Pane, runner: SceneQueryRunner) {
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange(range),
    $data: runner,
    controls: [
      new SceneControlsSpacer(),
      new SceneTimePicker({ isOnCanvas: true }),
      new SceneRefreshPicker({ isOnCanvas: true }),
    ],
    body: new SceneFlexLayout({ direction: 'column', children: [] }),
  });
}

const draw = (pluginId: string, title: string, minHeight: number) =>
  new SceneFlexItem({
    minHeight,
    body: new VizPanel({ pluginId, title, options: {}, fieldConfig: { defaults: {}, overrides: [] } }),
  });

/** A graph stands above the table where the answer is a time series. */
function useDrawn(scene: EmbeddedScene, data?: PanelData) {
  const hasSeries = data?.series.some(
    ({ meta, fields }) => meta?.type?.startsWith('timeseries') && fields.some(({ type }) => type === FieldType.number)
  );
  useEffect(() => {
    const body = scene.state.body as SceneFlexLayout;
    const table = draw('table', 'Table', 480);
    body.setState({ children: hasSeries ? [draw('timeseries', 'Graph', 300), table] : [table] });
  }, [scene, hasSeries]);
}

function Inspect({ data, onClose }: { data?: PanelData; onClose: () => void }) {
  const statements = new Set(data?.series.flatMap(({ meta }) => meta?.executedQueryString ?? []));
  return (
    <Drawer title="Inspect: the SQL that was run" onClose={onClose} size="md">
      {statements.size === 0 && <p>Nothing was run.</p>}
      {[...statements].map((statement) => (
        <pre key={statement}>{statement}</pre>
      ))}
      <p>{`Grafana's packages: ${config.buildInfo.version}`}</p>
    </Drawer>
  );
}
