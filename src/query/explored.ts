/** Explore gives a panel frames without the request that they answer, so it goes along in what they say of themselves. */
import { CoreApp, type DataFrame, type DataQueryRequest, type TimeRange } from '@grafana/data';

import { type FootfallQuery } from './types';

/** What a panel must know of a request to ask on as it was asked. */
type Asked = Pick<DataQueryRequest, 'requestId' | 'startTime' | 'timezone'> & { query: FootfallQuery };

/** The frame, which Explore shows in a panel. */
export function shownBy(panel: string, frame: DataFrame, query: FootfallQuery, request: DataQueryRequest): DataFrame {
  const { requestId, startTime, timezone } = request;
  const asked: Asked = { requestId, startTime, timezone, query };
  return {
    ...frame,
    meta: { ...frame.meta, preferredVisualisationPluginId: panel, custom: { ...frame.meta?.custom, asked } },
  };
}

/** The request that frames in Explore answer; undefined where they do not say it. */
export function exploredRequest(frames: DataFrame[], range: TimeRange): DataQueryRequest<FootfallQuery> | undefined {
  const asked: Asked | undefined = frames.find(({ meta }) => meta?.custom?.asked)?.meta?.custom?.asked;
  if (!asked) {
    return undefined;
  }
  const { query, ...rest } = asked;
  return {
    ...{ app: CoreApp.Explore, interval: '1m', intervalMs: 60_000, scopedVars: {}, range },
    ...{ ...rest, targets: [query] },
  };
}
