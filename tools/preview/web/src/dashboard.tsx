/** A dashboard's JSON, drawn with Grafana's scenes. */
import { textUtil } from '@grafana/data';
import { config, getBackendSrv } from '@grafana/runtime';
import * as scenes from '@grafana/scenes';
import { LinkButton, Stack } from '@grafana/ui';
import { useLocation } from 'react-router-dom';

import { Loaded, Page } from './page';

/** A dashboard's JSON and its parts, of the shape that Grafana gives them. */
type Json = Record<string, any>;

/** A dashboard, or only one of its panels. */
export function DashboardPage({ uid, only }: { uid: string; only?: string }) {
  const load = async () => {
    const { dashboard } = await getBackendSrv().get<Json>(`/api/dashboards/uid/${encodeURIComponent(uid)}`);
    return { dashboard, scene: sceneOf(only ? { ...dashboard, panels: alone(dashboard.panels, only) } : dashboard) };
  };
  return (
    <Loaded load={load}>
      {({ dashboard: { title, description, links }, scene }) => (
        <Page title={title} subTitle={description} actions={<Links links={links} />}>
          <scenes.UrlSyncContextProvider scene={scene} updateUrlOnInit createBrowserHistorySteps>
            <scene.Component model={scene} />
          </scenes.UrlSyncContextProvider>
        </Page>
      )}
    </Loaded>
  );
}

function Links({ links = [] }: Json) {
  const query = new URLSearchParams(useLocation().search);
  const address = ({ url, includeVars, keepTime }: Json) => {
    const [path, own] = (url ?? '').split('?');
    const kept = [...query].filter(
      ([name]) => (includeVars && name.startsWith('var-')) || (keepTime && ['from', 'to', 'timezone'].includes(name))
    );
    const all = new URLSearchParams([...new URLSearchParams(own), ...kept]);
    return textUtil.sanitizeUrl(all.size > 0 ? `${path}?${all}` : path);
  };
  const buttons = links.map((link: Json) => (
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
  return <Stack gap={1}>{buttons}</Stack>;
}

function sceneOf({ time, timezone, refresh, timepicker, templating, panels }: Json): scenes.EmbeddedScene {
  const controls = [new scenes.VariableValueSelectors({}), new scenes.SceneControlsSpacer()];
  const clock = [
    new scenes.SceneTimePicker({ isOnCanvas: true }),
    new scenes.SceneRefreshPicker({ refresh, isOnCanvas: true }),
  ];
  return new scenes.EmbeddedScene({
    $timeRange: new scenes.SceneTimeRange({ ...time, timeZone: timezone || undefined }),
    $variables: new scenes.SceneVariableSet({ variables: (templating?.list ?? []).map(variableOf) }),
    controls: timepicker?.hidden ? controls : [...controls, ...clock],
    body: new scenes.SceneGridLayout({ isLazy: true, children: rowsOf(panels) }),
  });
}

const alone = (panels: Json[], id: string) =>
  panels.filter((one) => String(one.id) === id).map((one) => ({ ...one, gridPos: { x: 0, y: 0, w: 24, h: 20 } }));

/** Panels that follow an open row stand beside it in the JSON, those of a closed one in it. */
function rowsOf(panels: Json[]) {
  const children: Array<scenes.SceneGridItem | scenes.SceneGridRow> = [];
  let row: scenes.SceneGridRow | undefined;
  for (const panel of panels) {
    if (panel.type === 'row') {
      row = new scenes.SceneGridRow({
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

function itemOf(panel: Json): scenes.SceneGridItem {
  const { gridPos, id, type, title, description, transparent, options = {}, fieldConfig } = panel;
  return new scenes.SceneGridItem({
    ...{ x: gridPos.x, y: gridPos.y, width: gridPos.w, height: gridPos.h },
    body: new scenes.VizPanel({
      ...{ key: `panel-${id}`, pluginId: type, title, description, options },
      fieldConfig: fieldConfig ?? { defaults: {}, overrides: [] },
      displayMode: transparent ? 'transparent' : 'default',
      $data: panel.targets && dataOf(panel),
    }),
  });
}

function dataOf({ targets = [], datasource, transformations = [], maxDataPoints }: Json) {
  const $data = new scenes.SceneQueryRunner({ queries: targets, datasource, maxDataPoints });
  return transformations.length > 0 ? new scenes.SceneDataTransformer({ $data, transformations }) : $data;
}

function variableOf(variable: Json): scenes.SceneVariable {
  const { name, label, description, hide, query, current, multi, includeAll, allValue, datasource = null } = variable;
  const common = { name, label, description, hide };
  const value = current?.value ?? '';
  const text = current?.text ?? '';
  const choice = { ...common, isMulti: multi, includeAll, allValue: allValue || undefined, value, text };
  const { regex = '', refresh = 1, sort = 0, filters = [] } = variable;
  switch (variable.type) {
    case 'datasource':
      return new scenes.DataSourceVariable({ ...choice, value: value || defaultDatasource(), pluginId: query, regex });
    case 'query':
      return new scenes.QueryVariable({ ...choice, query, datasource, regex, refresh, sort });
    case 'custom':
      return new scenes.CustomVariable({ ...choice, query });
    case 'textbox':
      return new scenes.TextBoxVariable({ ...common, value: value || query || '' });
    case 'adhoc':
      return new scenes.AdHocFiltersVariable({ ...common, datasource, filters, layout: 'combobox' });
    default:
      throw new Error(`The variable ${name} is of the type ${variable.type}, which needs Grafana`);
  }
}

/** The data source that the bar's switch has chosen. */
const defaultDatasource = () => config.datasources[config.defaultDatasource]?.uid ?? '';
