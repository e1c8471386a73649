/** The services that Grafana's core gives to its published packages and to plugins, as far as plugins here use them. */
import {
  type DataQueryRequest,
  type DataSourceApi,
  type DataSourceInstanceSettings,
  type DataSourceRef,
  LoadingState,
  type PanelData,
  type ScopedVars,
  type TypedVariableModel,
} from '@grafana/data';
import {
  type BackendSrv,
  type BackendSrvRequest,
  config,
  type DataSourceSrv,
  type FetchResponse,
  type GetDataSourceListFilters,
  getTemplateSrv,
  setBackendSrv,
  setDataSourceSrv,
  setRunRequest,
  setTemplateSrv,
  type TemplateSrv,
  toDataQueryError,
} from '@grafana/runtime';
import { EmbeddedScene, SceneFlexLayout, sceneGraph, type SceneObject } from '@grafana/scenes';
import { catchError, from, lastValueFrom, map, Observable, of, startWith, type Subscriber } from 'rxjs';

import { importDatasource } from './loader';

export function setServices() {
  setBackendSrv(backendSrv);
  setDataSourceSrv(new Datasources());
  setTemplateSrv(templateSrv);
  setRunRequest(runRequest);
}

const underWay = new Map<string, Subscriber<never>>();

/** One request, which ends when nobody waits for it any more, or another one of the same name is made. */
function send<T>(request: BackendSrvRequest): Observable<FetchResponse<T>> {
  return new Observable((subscriber) => {
    const { requestId } = request;
    const ended = new AbortController();
    if (requestId) {
      underWay.get(requestId)?.error({ cancelled: true, status: -1, statusText: 'Request was aborted', data: null });
      underWay.set(requestId, subscriber as Subscriber<never>);
    }
    receive<T>(request, AbortSignal.any([ended.signal, ...(request.abortSignal ? [request.abortSignal] : [])])).then(
      (answer) => {
        subscriber.next(answer);
        subscriber.complete();
      },
      (error) => subscriber.error(error)
    );
    return () => ended.abort();
  });
}

async function receive<T>(request: BackendSrvRequest, signal: AbortSignal): Promise<FetchResponse<T>> {
  const { method = 'GET', params, data, responseType } = request;
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params ?? {})) {
    [value].flat().forEach((one) => one !== undefined && one !== null && query.append(name, String(one)));
  }
  const address = request.url.startsWith('/') ? request.url : `/${request.url}`;
  const isText = typeof data === 'string';
  const answer = await fetch(query.size > 0 ? `${address}${address.includes('?') ? '&' : '?'}${query}` : address, {
    method,
    signal,
    headers: { ...(data !== undefined && !isText && { 'content-type': 'application/json' }), ...request.headers },
    body: data === undefined || isText ? data : JSON.stringify(data),
  });
  const body =
    responseType && responseType !== 'json'
      ? await answer[responseType === 'arraybuffer' ? 'arrayBuffer' : responseType]()
      : parsed(await answer.text());
  if (!answer.ok) {
    throw {
      status: answer.status,
      statusText: answer.statusText,
      data: typeof body === 'object' ? body : { message: body },
      config: request,
    };
  }
  const { status, statusText, ok, headers, redirected, type, url } = answer;
  return { data: body as T, status, statusText, ok, headers, redirected, type, url, config: request };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

type Options = Partial<BackendSrvRequest>;
const only = async <T>(request: BackendSrvRequest): Promise<T> => (await lastValueFrom(send<T>(request))).data;

const backendSrv: BackendSrv = {
  fetch: send,
  datasourceRequest: (request) => lastValueFrom(send(request)),
  request: only,
  get: (url, params, requestId, options?: Options) => only({ ...options, url, params, requestId }),
  delete: (url, data, options) => only({ ...options, url, data, method: 'DELETE' }),
  post: (url, data, options) => only({ ...options, url, data, method: 'POST' }),
  put: (url, data, options) => only({ ...options, url, data, method: 'PUT' }),
  patch: (url, data, options) => only({ ...options, url, data, method: 'PATCH' }),
  chunked: () => {
    throw new Error('Footfall preview does not stream requests');
  },
};

/** Data sources of the boot data, each made once from its plugin's module. */
class Datasources implements DataSourceSrv {
  private made = new Map<string, Promise<DataSourceApi>>();

  get(ref?: DataSourceRef | string | null, scopedVars?: ScopedVars): Promise<DataSourceApi> {
    const settings = this.getInstanceSettings(ref, scopedVars);
    if (!settings) {
      return Promise.reject(new Error(`Data source ${JSON.stringify(ref)} was not found`));
    }
    const made = this.made.get(settings.uid) ?? importDatasource(settings);
    this.made.set(settings.uid, made);
    return made;
  }

  getList({ pluginId, type, filter, tracing }: GetDataSourceListFilters = {}): DataSourceInstanceSettings[] {
    const types = [type ?? []].flat();
    return Object.values(config.datasources)
      .filter((ds) => (!pluginId || ds.type === pluginId) && (types.length === 0 || types.includes(ds.type)))
      .filter((ds) => (!tracing || ds.meta.tracing) && (!filter || filter(ds)))
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  getInstanceSettings(ref?: DataSourceRef | string | null, scopedVars?: ScopedVars) {
    const all = Object.values(config.datasources);
    const wanted = getTemplateSrv().replace(typeof ref === 'string' ? ref : (ref?.uid ?? ''), scopedVars);
    if (!wanted || wanted === 'default') {
      return all.find((ds) => ds.name === config.defaultDatasource);
    }
    return all.find((ds) => ds.uid === wanted) ?? all.find((ds) => ds.name === wanted);
  }

  async reload() {
    const { datasources, defaultDatasource } = await backendSrv.get('/api/frontend/settings');
    Object.assign(config, { datasources, defaultDatasource });
    this.made.clear();
  }

  registerRuntimeDataSource() {
    throw new Error('Footfall preview has no runtime data sources');
  }
}

/** Variables are those of the dashboard that is shown; elsewhere there are none but the scoped ones. */
const templateSrv: TemplateSrv = {
  replace: (target = '', scopedVars, format) => sceneGraph.interpolate(scene(), target, scopedVars, format as never),
  containsTemplate: (target = '') => /\$\w+|\$\{[^}]+\}|\[\[\w+/.test(target),
  getVariables: () =>
    sceneGraph.getVariables(scene()).state.variables.map(({ state }) => state as unknown as TypedVariableModel),
  updateTimeRange: () => {},
};

const noScene = new EmbeddedScene({ body: new SceneFlexLayout({ children: [] }) });
const scene = () => (window as unknown as { __grafanaSceneContext?: SceneObject }).__grafanaSceneContext ?? noScene;

/** Asks a data source; errors become part of the data. */
function runRequest(
  datasource: DataSourceApi,
  request: DataQueryRequest,
  ask: DataSourceApi['query'] = (asked) => datasource.query(asked)
): Observable<PanelData> {
  const begun: PanelData = { state: LoadingState.Loading, series: [], timeRange: request.range, request };
  const failed = (errors: PanelData['errors']) => ({ state: LoadingState.Error, errors, error: errors?.[0] });
  return from(ask(request)).pipe(
    map(({ data, error, errors = error && [error] }) => ({
      ...begun,
      ...(errors?.length ? failed(errors) : { state: LoadingState.Done }),
      series: data,
    })),
    catchError((error) => of({ ...begun, ...failed([toDataQueryError(error)]) })),
    startWith(begun)
  );
}
