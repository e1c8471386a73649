import { type RawTimeRange } from '@grafana/data';

import { type Audience, fromAddress, toAddress, toSelection } from '../../audience/audience';
import { type SessionsOptions } from '../../query/types.gen';

import { fromParameters as listOf, type SessionsState, toParameters as ofList } from './state';

/** All of the view of everybody's sessions that a link carries. */
export interface AllSessionsState {
  audience: Audience;
  range: RawTimeRange;
  anonymous: boolean;
  list: SessionsState;
}

const USUAL: RawTimeRange = { from: 'now-7d', to: 'now' };

/** The state as parameters of an address; what is as usual is left out. */
export function toParameters({ audience, range, anonymous, list }: AllSessionsState): string[][] {
  const isUsual = range.from === USUAL.from && range.to === USUAL.to;
  return [
    ...toAddress(audience),
    ...(isUsual ? [] : Object.entries(range).map(([name, time]) => [name, String(time)])),
    ...(anonymous ? [['anon', '1']] : []),
    ...ofList(list),
  ];
}

/** The state of an address; what it lacks or says wrongly is as usual. */
export const fromParameters = (parameters: URLSearchParams): AllSessionsState => ({
  // No question of sessions searches for users.
  audience: { ...fromAddress(parameters), search: '' },
  range: { from: parameters.get('from') || USUAL.from, to: parameters.get('to') || USUAL.to },
  anonymous: parameters.get('anon') === '1',
  list: listOf(parameters),
});

/** What is asked of the data source. */
export const optionsOf = ({ audience, anonymous }: AllSessionsState): SessionsOptions => ({
  ...toSelection(audience, 'sessions'),
  ...(anonymous && { includeAnonymous: true }),
});
