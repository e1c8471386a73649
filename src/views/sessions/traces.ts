/** From an event to its trace, where the settings of the data source say how. */
import { getDataSourceSrv } from '@grafana/runtime';

import { explorePageOf } from '../../address';
import { DEFAULT_TRACE_ID } from '../../datasource/components/config/settings';
import { type FootfallSettings } from '../../datasource/types';

/** The trace of an event, by its attributes as JSON and its time in milliseconds; undefined where it has none. */
export type HrefOfTrace = (attributes: string | undefined, at: number) => string | undefined;

interface Source {
  type: string;
  uid: string;
}

/** How long before and after an event its trace is looked for by sources that ask for a time, in milliseconds. */
const AROUND = 30 * 60_000;

/** The traces of a Footfall data source's events; none where no source of traces is chosen, or whoever looks may not use it. */
export function tracesOf(uid: string): HrefOfTrace | undefined {
  const settings: FootfallSettings = getDataSourceSrv().getInstanceSettings(uid)?.jsonData ?? {};
  const source = settings.tracingDatasourceUid && getDataSourceSrv().getInstanceSettings(settings.tracingDatasourceUid);
  return source ? tracesIn(source, settings.traceIdAttribute || DEFAULT_TRACE_ID) : undefined;
}

export const tracesIn =
  ({ type, uid }: Source, attribute: string): HrefOfTrace =>
  (attributes, at) => {
    const id = traceIdOf(JSON.parse(attributes ?? '{}'), attribute);
    const range = { from: String(at - AROUND), to: String(at + AROUND) };
    return id ? explorePageOf({ type, uid }, { ...KINDS[type], query: id }, range) : undefined;
  };

/** What asks for a trace by its id, where that takes more than the id. */
const KINDS: Record<string, object> = {
  tempo: { queryType: 'traceql' },
  'grafana-x-ray-datasource': { queryType: 'getTrace' },
};

/** The id that stands under a name, or in an object under the rest of it. */
function traceIdOf(value: unknown, path: string): string | undefined {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const own = Object.entries(value).find(([name]) => name === path)?.[1];
  if (own !== undefined) {
    return typeof own === 'string' || typeof own === 'number' ? String(own).trim() : undefined;
  }
  const inside = Object.entries(value).filter(([name]) => path.startsWith(`${name}.`));
  return inside.map(([name, part]) => traceIdOf(part, path.slice(name.length + 1))).find(Boolean);
}
