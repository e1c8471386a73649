import {
  CoreApp,
  type DataFrame,
  type DataQueryRequest,
  type DataSourceApi,
  getTimeZone,
  type RawTimeRange,
  toDataFrame,
} from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, last, map, type Observable, of, switchMap, timer } from 'rxjs';

import { type FootfallQuery } from '../query/types';
import { type OptionsByType, type QueryType } from '../query/types.gen';

import { isPassing, messageOf } from './errors';
import { newId } from './ids';
import { rangeOf } from './range';

/** One question of a view. */
export type Target = { [T in QueryType]: { refId: string; queryType: T; options: OptionsByType[T] } }[QueryType];

/** What was answered to one target: frames, or why there are none. */
export interface Answer {
  frames: DataFrame[];
  error?: string;
}

/** How often a question is asked again by itself, and after how long at first, in milliseconds. */
const ATTEMPTS = 5;
const FIRST_PAUSE = 500;

/** The dashboard around a view: its variables, time zone and filters count for the view's questions too. */
export type Surrounding = DataQueryRequest;

/**
 * Asks a datasource all targets in one request, whose answers come in their order. Who unsubscribes cancels it, down to
 * the database. What the backend has no time for, or Grafana takes back, is asked again by itself.
 */
export function ask(
  datasource: string,
  targets: Target[],
  range: RawTimeRange,
  around?: Surrounding,
  attempt = 0
): Observable<Answer[]> {
  return from(getDataSourceSrv().get(datasource)).pipe(
    switchMap((source) => send(source as unknown as DataSourceApi<FootfallQuery>, targets, range, around)),
    switchMap((received) => {
      const passing = received.flatMap(({ refused }, i) => (isPassing(refused) ? [i] : []));
      const answers = received.map(({ frames, refused }) => ({
        frames,
        ...(refused && { error: messageOf(refused) }),
      }));
      if (passing.length === 0 || attempt === ATTEMPTS) {
        return of(answers);
      }
      const waiting = passing.map((i) => targets[i]);
      return timer(FIRST_PAUSE * 2 ** attempt).pipe(
        switchMap(() => ask(datasource, waiting, range, around, attempt + 1)),
        map((later) => answers.map((answer, i) => later[passing.indexOf(i)] ?? answer))
      );
    })
  );
}

interface Received {
  frames: DataFrame[];
  refused?: { status?: number; message?: string; cancelled?: boolean };
}

function send(
  source: DataSourceApi<FootfallQuery>,
  targets: Target[],
  raw: RawTimeRange,
  around?: Surrounding
): Observable<Received[]> {
  const range = rangeOf(raw);
  const request: DataQueryRequest<FootfallQuery> = {
    ...{ app: CoreApp.Unknown, timezone: getTimeZone(), interval: '1m', intervalMs: 60_000, scopedVars: {} },
    ...around,
    ...{ requestId: `footfall-${newId()}`, startTime: Date.now(), range },
    targets: targets.map((target) => ({ ...target, datasource: source.getRef() }) as FootfallQuery),
  };
  const answer = source.query(request);
  return (answer instanceof Promise ? from(answer) : answer).pipe(
    last(),
    map(({ data, error, errors = error ? [error] : [] }) =>
      targets.map(({ refId }) => ({
        frames: data.filter((frame) => frame.refId === refId).map((frame) => toDataFrame(frame)),
        // An error without a name is one of the whole request.
        refused: errors.find((one) => one.refId === refId || !one.refId),
      }))
    )
  );
}
