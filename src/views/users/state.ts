import { type RawTimeRange } from '@grafana/data';

import { type Audience, fromAddress, toAddress } from '../../audience/audience';
import { type Sort } from '../../query/types.gen';

/** All of the users view that a link carries. */
export interface UsersState {
  audience: Audience;
  /** What terms on sessions and events look in. */
  range: RawTimeRange;
  sort: Sort;
  /** From 1. */
  page: number;
  rows: number;
  anonymous: boolean;
}

export const ROWS = [25, 50, 100];

export const DEFAULT_STATE: UsersState = {
  audience: fromAddress(new URLSearchParams()),
  range: { from: 'now-30d', to: 'now' },
  sort: { column: 'last_seen', descending: true },
  page: 1,
  rows: 50,
  anonymous: false,
};

/** The names of all parameters. */
export const PARAMETERS = ['app', 'seg', 'q', 's', 'def', 'from', 'to', 'sort', 'page', 'rows', 'anon'];

/** The state as parameters of an address; what is as usual is left out. */
export function toParameters({ audience, range, sort, page, rows, anonymous }: UsersState): string[][] {
  const usual = DEFAULT_STATE;
  const isUsual = sort.column === usual.sort.column && sort.descending === usual.sort.descending;
  return [
    ...toAddress(audience),
    ...(range.from !== usual.range.from || range.to !== usual.range.to
      ? [
          ['from', String(range.from)],
          ['to', String(range.to)],
        ]
      : []),
    ...(isUsual ? [] : [['sort', `${sort.descending ? '-' : ''}${sort.column}`]]),
    ...(page === usual.page ? [] : [['page', String(page)]]),
    ...(rows === usual.rows ? [] : [['rows', String(rows)]]),
    ...(anonymous ? [['anon', '1']] : []),
  ];
}

/** The state of an address; what it lacks or says wrongly is as usual. */
export function fromParameters(parameters: URLSearchParams): UsersState {
  const usual = DEFAULT_STATE;
  const sort = parameters.get('sort');
  const page = Number(parameters.get('page'));
  const rows = Number(parameters.get('rows'));
  return {
    audience: fromAddress(parameters),
    range: { from: parameters.get('from') || usual.range.from, to: parameters.get('to') || usual.range.to },
    sort: sort ? { column: sort.replace(/^-/, ''), descending: sort.startsWith('-') } : usual.sort,
    page: Number.isSafeInteger(page) && page > 0 ? page : usual.page,
    rows: ROWS.includes(rows) ? rows : usual.rows,
    anonymous: parameters.get('anon') === '1',
  };
}
