/** A dashboard's JSON, drawn with Grafana's scenes. */
import { type DataSourceRef, textUtil, VariableHide } from '@grafana/data';
import { config, getBackendSrv } from '@grafana/runtime';
import {
  AdHocFiltersVariable,
  ConstantVariable,
  CustomVariable,
  DataSourceVariable,
  EmbeddedScene,
  IntervalVariable,
  QueryVariable,
  SceneControlsSpacer,
  SceneDataTransformer,
  SceneGridItem,
  SceneGridLayout,
  SceneGridRow,
  SceneQueryRunner,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  type SceneVariable,
  SceneVariableSet,
  TextBoxVariable,
  UrlSyncContextProvider,
  VariableValueSelectors,
  VizPanel,
} from '@grafana/scenes';
import { Alert, LinkButton, LoadingPlaceholder } from '@grafana/ui';
import { useEffect, useState } from 'react';
import { useLocation } from 'react-router-dom';

import { Page } from './page';

/** Parts of the JSON that this host reads; what it holds beside them is not drawn. */
interface Dashboard {
  title: string;
  description?: string;
  time?: { from: string; to: string };
  timezone?: string;
  refresh?: string;
  timepicker?: { hidden?: boolean };
  links?: Link[];
  templating?: { list: Variable[] };
  panels: Panel[];
}

interface Link {
  title: string;
  url: string;
  includeVars?: boolean;
  keepTime?: boolean;
  targetBlank?: boolean;
}

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  transparent?: boolean;
  datasource?: DataSourceRef;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: never[];
  transformations?: never[];
  maxDataPoints?: number;
  options?: object;
  fieldConfig?: never;
  collapsed?: boolean;
  panels?: Panel[];
}

/** The fields of all types of variables together. */
interface Variable {
  name: string;
  type: string;
  label?: string;
  description?: string;
  hide?: VariableHide;
  query?: any;
  current?: { value?: any; text?: any };
  multi?: boolean;
  includeAll?: boolean;
  allValue?: string;
  regex?: string;
  sort?: number;
  refresh?: number;
  datasource?: DataSourceRef;
  filters?: never[];
}

export function DashboardPage({ uid }: { uid: string }) {
  const [shown, setShown] = useState<{ dashboard: Dashboard; scene: EmbeddedScene }>();
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => {
    getBackendSrv()
      .get<{ dashboard: Dashboard }>(`/api/dashboards/uid/${encodeURIComponent(uid)}`)
      .then(({ dashboard }) => setShown({ dashboard, scene: sceneOf(dashboard) }))
      .catch((error) => setRefusal(error.data?.message ?? String(error)));
  }, [uid]);
  if (refusal) {
    return <Alert severity="error" title={refusal} />;
  }
  if (!shown) {
    return <LoadingPlaceholder text="Loading ..." />;
  }
  const { dashboard, scene } = shown;
  return (
    <Page title={dashboard.title} subTitle={dashboard.description} actions={<Links links={dashboard.links} />}>
      <UrlSyncContextProvider scene={scene} updateUrlOnInit createBrowserHistorySteps>
        <scene.Component model={scene} />
      </UrlSyncContextProvider>
    </Page>
  );
}

function Links({ links = [] }: Pick<Dashboard, 'links'>) {
  const query = new URLSearchParams(useLocation().search);
  const address = ({ url, includeVars, keepTime }: Link) => {
    const [path, own] = url.split('?');
    const kept = [...query].filter(
      ([name]) => (includeVars && name.startsWith('var-')) || (keepTime && ['from', 'to', 'timezone'].includes(name))
    );
    const all = new URLSearchParams([...new URLSearchParams(own), ...kept]);
    return textUtil.sanitizeUrl(all.size > 0 ? `${path}?${all}` : path);
  };
  return links.map((link) => (
    <LinkButton
      key={link.title}
      variant="secondary"
      size="sm"
      href={address(link)}
      target={link.targetBlank ? '_blank' : undefined}
    >
      {link.title}
    </LinkButton>
  ));
}

function sceneOf({ time, timezone, refresh, timepicker, templating, panels }: Dashboard): EmbeddedScene {
  const controls = [new VariableValueSelectors({}), new SceneControlsSpacer()];
  const clock = [new SceneTimePicker({ isOnCanvas: true }), new SceneRefreshPicker({ refresh, isOnCanvas: true })];
  return new EmbeddedScene({
    $timeRange: new SceneTimeRange({ ...time, timeZone: timezone || undefined }),
    $variables: new SceneVariableSet({ variables: (templating?.list ?? []).map(variableOf) }),
    controls: timepicker?.hidden ? controls : [...controls, ...clock],
    body: new SceneGridLayout({ isLazy: true, children: rowsOf(panels) }),
  });
}

/** Panels that follow an open row stand beside it in the JSON, those of a closed one in it. */
function rowsOf(panels: Panel[]) {
  const children: Array<SceneGridItem | SceneGridRow> = [];
  let row: SceneGridRow | undefined;
  for (const panel of panels) {
    if (panel.type === 'row') {
      row = new SceneGridRow({
        ...{ key: `row-${panel.id}`, title: panel.title, y: panel.gridPos.y, isCollapsed: panel.collapsed },
        children: (panel.panels ?? []).map(itemOf),
      });
      children.push(row);
    } else if (row && !row.state.isCollapsed) {
      row.setState({ children: [...row.state.children, itemOf(panel)] });
    } else {
      children.push(itemOf(panel));
    }
  }
  return children;
}

function itemOf(panel: Panel): SceneGridItem {
  const { gridPos, id, type, title, description, transparent, options = {}, fieldConfig } = panel;
  return new SceneGridItem({
    ...{ x: gridPos.x, y: gridPos.y, width: gridPos.w, height: gridPos.h },
    body: new VizPanel({
      ...{ key: `panel-${id}`, pluginId: type, title, description, options },
      fieldConfig: fieldConfig ?? { defaults: {}, overrides: [] },
      displayMode: transparent ? 'transparent' : 'default',
      $data: panel.targets && dataOf(panel),
    }),
  });
}

function dataOf({ targets = [], datasource, transformations = [], maxDataPoints }: Panel) {
  const $data = new SceneQueryRunner({ queries: targets, datasource, maxDataPoints });
  return transformations.length > 0 ? new SceneDataTransformer({ $data, transformations }) : $data;
}

function variableOf(variable: Variable): SceneVariable {
  const {
    name,
    label,
    description,
    hide,
    query,
    current,
    regex = '',
    refresh = 1,
    sort = 0,
    datasource = null,
  } = variable;
  const common = { name, label, description, hide };
  const choice = {
    ...{ isMulti: variable.multi, includeAll: variable.includeAll, allValue: variable.allValue || undefined },
    ...{ value: current?.value ?? '', text: current?.text ?? '' },
  };
  switch (variable.type) {
    case 'datasource':
      return new DataSourceVariable({
        ...common,
        ...choice,
        value: choice.value || defaultDatasource(),
        pluginId: query,
        regex,
      });
    case 'query':
      return new QueryVariable({ ...common, ...choice, query, datasource, regex, refresh, sort });
    case 'custom':
      return new CustomVariable({ ...common, ...choice, query });
    case 'textbox':
      return new TextBoxVariable({ ...common, value: current?.value ?? query ?? '' });
    case 'constant':
      return new ConstantVariable({ ...common, value: query });
    case 'interval':
      return new IntervalVariable({ ...common, intervals: query.split(','), value: current?.value ?? '' });
    case 'adhoc':
      return new AdHocFiltersVariable({ ...common, datasource, filters: variable.filters ?? [], layout: 'combobox' });
    default:
      throw new Error(`The variable ${name} is of the type ${variable.type}, which needs Grafana`);
  }
}

/** The data source that the bar's switch has chosen. */
const defaultDatasource = () => config.datasources[config.defaultDatasource]?.uid ?? '';
