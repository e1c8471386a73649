/** One query with its editor, and what it answers: a graph where it has times, tables, and the SQL that was run. */
import {
  CoreApp,
  type DataQuery,
  type DataQueryRequest,
  type DataSourceApi,
  FieldType,
  type PanelData,
} from '@grafana/data';
import { config, getDataSourceSrv, locationService } from '@grafana/runtime';
import * as scenes from '@grafana/scenes';
import { Alert, Button, Drawer } from '@grafana/ui';
import { Suspense, useEffect, useMemo, useState } from 'react';

import { Loaded, Page } from './page';

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
  return (
    <Page title="Explore">
      <Loaded key={settings?.uid} load={() => getDataSourceSrv().get(pane.datasource)}>
        {(datasource) => <Query {...{ pane, datasource }} />}
      </Loaded>
    </Page>
  );
}

function Query({ pane, datasource }: { pane: Pane; datasource: DataSourceApi }) {
  const ref = datasource.getRef();
  const [query, setQuery] = useState<DataQuery>(
    () => pane.queries[0] ?? { refId: 'A', ...datasource.getDefaultQuery?.(CoreApp.Explore) }
  );
  const [runner] = useState(
    () => new scenes.SceneQueryRunner({ datasource: inExplore(datasource), queries: [query] as never })
  );
  const [scene] = useState(() => sceneOf(pane, runner));
  const { data } = runner.useState();
  const [panel, setPanel] = useState<'help' | 'inspect'>();
  const run = (changed: DataQuery) => {
    runner.setState({ queries: [{ ...changed, datasource: ref }] as never });
    runner.runQueries();
    locationService.replace(addressOf({ ...pane, datasource: ref.uid, queries: [changed] }));
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

/** Asked as Explore asks: an answer may depend on where it is shown. */
const inExplore = (datasource: DataSourceApi) =>
  new Proxy(datasource, {
    get: (of, name) =>
      name === 'query'
        ? (request: DataQueryRequest) => of.query({ ...request, app: CoreApp.Explore })
        : Reflect.get(of, name),
  }) as scenes.SceneQueryRunner['state']['datasource'];

function sceneOf({ range }: Pane, runner: scenes.SceneQueryRunner) {
  return new scenes.EmbeddedScene({
    $timeRange: new scenes.SceneTimeRange(range),
    $data: runner,
    controls: [
      new scenes.SceneControlsSpacer(),
      new scenes.SceneTimePicker({ isOnCanvas: true }),
      new scenes.SceneRefreshPicker({ isOnCanvas: true }),
    ],
    body: new scenes.SceneFlexLayout({ direction: 'column', children: [] }),
  });
}

const draw = (pluginId: string, title: string, minHeight: number, $data?: scenes.SceneDataNode) =>
  new scenes.SceneFlexItem({
    minHeight,
    body: new scenes.VizPanel({ pluginId, title, $data, options: {}, fieldConfig: { defaults: {}, overrides: [] } }),
  });

/** The panel that frames name gets these, and no request, as in Grafana; else a graph stands above the table of a time series. */
function useDrawn(scene: scenes.EmbeddedScene, data?: PanelData) {
  const [unasked] = useState(() => new scenes.SceneDataNode());
  const pluginId = data?.series.map(({ meta }) => meta?.preferredVisualisationPluginId).find(Boolean);
  const hasSeries = data?.series.some(
    ({ meta, fields }) => meta?.type?.startsWith('timeseries') && fields.some(({ type }) => type === FieldType.number)
  );
  useEffect(() => {
    if (data) {
      const series = data.series.filter(({ meta }) => meta?.preferredVisualisationPluginId === pluginId);
      unasked.setState({ data: { ...data, series, request: undefined } });
    }
  }, [unasked, data, pluginId]);
  useEffect(() => {
    const above = hasSeries ? [draw('timeseries', 'Graph', 300)] : [];
    const children = pluginId ? [draw(pluginId, pluginId, 400, unasked)] : [...above, draw('table', 'Table', 480)];
    (scene.state.body as scenes.SceneFlexLayout).setState({ children });
  }, [scene, unasked, hasSeries, pluginId]);
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
