/** Loads the modules of dist/ as Grafana does: AMD, through SystemJS, with what Grafana shares with plugins. */
import 'systemjs';
import 'systemjs/dist/extras/amd.js';

import * as emotion from '@emotion/css';
import * as grafanaData from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import lodash from 'lodash';
import * as react from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactDom from 'react-dom';
import * as rxjs from 'rxjs';
import * as rxjsOperators from 'rxjs/operators';

const shared: Record<string, object> = {
  '@emotion/css': emotion,
  '@grafana/data': grafanaData,
  '@grafana/runtime': grafanaRuntime,
  '@grafana/ui': grafanaUi,
  lodash,
  react,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': reactDom,
  rxjs,
  'rxjs/operators': rxjsOperators,
};

/** `pluginPage` frames the app's pages: Grafana's core puts its own into the runtime package. */
export function shareModules(pluginPage: grafanaRuntime.PluginPageType) {
  shared['@grafana/runtime'] = { ...grafanaRuntime, PluginPage: pluginPage };
  const imports = Object.keys(shared).map((name) => [name, `preview:${name}`]);
  System.addImportMap({ imports: Object.fromEntries(imports) });
  for (const [name, module] of Object.entries(shared)) {
    System.set(`preview:${name}`, { ...module, default: module, __useDefault: true });
  }
}

const load = <T>(module: string) => System.import<{ plugin: T }>(`/${module}`);

export async function importDatasource(settings: grafanaData.DataSourceInstanceSettings) {
  const { plugin } = await load<grafanaData.DataSourcePlugin<grafanaData.DataSourceApi>>(settings.meta.module);
  plugin.meta = settings.meta;
  const datasource = new plugin.DataSourceClass(settings);
  Object.assign(datasource, { components: plugin.components, meta: settings.meta });
  return datasource;
}

export async function importDatasourcePlugin(meta: grafanaData.DataSourcePluginMeta) {
  return (await load<grafanaData.DataSourcePlugin<grafanaData.DataSourceApi>>(meta.module)).plugin;
}

export async function importApp(meta: grafanaData.AppPluginMeta) {
  const { plugin } = await load<grafanaData.AppPlugin>(meta.module);
  plugin.meta = meta;
  plugin.init(meta);
  return plugin;
}

export async function importPanel(meta: grafanaData.PanelPluginMeta) {
  const { plugin } = await load<grafanaData.PanelPlugin>(meta.module);
  plugin.meta = meta;
  return plugin;
}
