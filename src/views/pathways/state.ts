import { type RawTimeRange } from '@grafana/data';

import { type Audience, EVERYBODY, fromAddress, toAddress, toSelection } from '../../audience/audience';
import { type PathwayAnchor, type PathwaysOptions, type PathwayUnit } from '../../query/types.gen';

/** All of the pathways view that a link carries. */
export interface PathwaysState {
  audience: Audience;
  range: RawTimeRange;
  anchor: PathwayAnchor;
  /** Where paths are anchored; '' with anchor start. */
  page: string;
  unit: PathwayUnit;
  actions: boolean;
  /** Patterns of pages that are one node, and of what is passed over. */
  groups: string[];
  hide: string[];
  steps: number;
  rows: number;
  anonymous: boolean;
  table: boolean;
  /** What sessions or users are listed of: a node or link by its id, '' for none. */
  of: string;
  list: 'sessions' | 'users';
}

export const MOST_STEPS = 20;
export const ROWS = [5, 10, 20, 50];

export const DEFAULT_STATE: PathwaysState = {
  audience: EVERYBODY,
  range: { from: 'now-30d', to: 'now' },
  ...{ anchor: 'start', page: '', unit: 'session', actions: false, groups: [], hide: [] },
  ...{ steps: 5, rows: 10, anonymous: false, table: false, of: '', list: 'sessions' },
};

/** The state as parameters of an address; what is as usual is left out. */
export function toParameters(state: PathwaysState): string[][] {
  const { audience, range, anchor, page, unit, actions, groups, hide, steps, rows, anonymous, table, of, list } = state;
  const usual = DEFAULT_STATE;
  const isUsual = range.from === usual.range.from && range.to === usual.range.to;
  return [
    ...toAddress(audience),
    ...(isUsual
      ? []
      : [
          ['from', String(range.from)],
          ['to', String(range.to)],
        ]),
    ...(anchor === usual.anchor ? [] : [[anchor, page]]),
    ...(unit === usual.unit ? [] : [['unit', unit]]),
    ...(actions ? [['actions', '1']] : []),
    ...groups.map((pattern) => ['group', pattern]),
    ...hide.map((pattern) => ['hide', pattern]),
    ...(steps === usual.steps ? [] : [['steps', String(steps)]]),
    ...(rows === usual.rows ? [] : [['rows', String(rows)]]),
    ...(anonymous ? [['anon', '1']] : []),
    ...(table ? [['table', '1']] : []),
    ...(of ? [['of', of]] : []),
    ...(list === usual.list ? [] : [['list', list]]),
  ];
}

/** The state of an address; what it lacks or says wrongly is as usual. */
export function fromParameters(parameters: URLSearchParams): PathwaysState {
  const usual = DEFAULT_STATE;
  const steps = Number(parameters.get('steps'));
  const rows = Number(parameters.get('rows'));
  const anchor = (['after', 'before'] as const).find((one) => parameters.get(one));
  return {
    // No question of sessions searches for users.
    audience: { ...fromAddress(parameters), search: '' },
    range: { from: parameters.get('from') || usual.range.from, to: parameters.get('to') || usual.range.to },
    anchor: anchor ?? usual.anchor,
    page: (anchor && parameters.get(anchor)) ?? '',
    unit: parameters.get('unit') === 'user' ? 'user' : usual.unit,
    actions: parameters.get('actions') === '1',
    groups: parameters.getAll('group').filter(Boolean),
    hide: parameters.getAll('hide').filter(Boolean),
    steps: Number.isSafeInteger(steps) && steps >= 2 && steps <= MOST_STEPS ? steps : usual.steps,
    rows: ROWS.includes(rows) ? rows : usual.rows,
    anonymous: parameters.get('anon') === '1',
    table: parameters.get('table') === '1',
    of: parameters.get('of') ?? '',
    list: parameters.get('list') === 'users' ? 'users' : usual.list,
  };
}

/** What is asked of the data source, undefined as long as no page is chosen that it takes. */
export function optionsOf(state: PathwaysState): PathwaysOptions | undefined {
  const { audience, anchor, page, unit, actions, groups, hide, steps, rows, anonymous } = state;
  if (anchor !== 'start' && !page) {
    return undefined;
  }
  return {
    ...toSelection(audience, 'sessions'),
    ...(anchor !== 'start' && { anchor, page }),
    ...(unit !== 'session' && { unit }),
    ...(actions && { actions }),
    ...(groups.length > 0 && { groups }),
    ...(hide.length > 0 && { hide }),
    ...{ steps, nodesPerStep: rows },
    ...(anonymous && { includeAnonymous: true }),
  };
}
