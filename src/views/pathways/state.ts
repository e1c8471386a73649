import { type RawTimeRange } from '@grafana/data';

import { type Audience, EVERYBODY, fromAddress, joined, toAddress, toSelection } from '../../audience/audience';
import { needsPage } from '../../query/queries';
import { type PathwayAnchor, type PathwaysOptions, type PathwayUnit, type Selection } from '../../query/types.gen';

/** All of the pathways view that a link carries. */
export interface PathwaysState {
  audience: Audience;
  range: RawTimeRange;
  anchor: PathwayAnchor;
  /** Where paths are anchored; '' with anchors start and end. */
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
  /** Whose paths are shown beside: the id of a segment, `OWN` those that a panel's query compares with, '' nobody's. */
  compare: string;
  /** What sessions or users are listed of: a node or link by its id, '' for none; of those compared with. */
  of: string;
  compared: boolean;
  list: 'sessions' | 'users';
}

export const MOST_STEPS = 20;
export const ROWS = [5, 10, 20, 50];

/** No id of a segment begins with a hyphen. */
export const OWN = '-';

export const DEFAULT_STATE: PathwaysState = {
  audience: EVERYBODY,
  range: { from: 'now-30d', to: 'now' },
  ...{ anchor: 'start', page: '', unit: 'session', actions: false, groups: [], hide: [] },
  ...{ steps: 5, rows: 10, anonymous: false, table: false, compare: '', of: '', compared: false, list: 'sessions' },
};

/** The state as parameters of an address; what is as usual is left out. */
export function toParameters(state: PathwaysState, usual = DEFAULT_STATE): string[][] {
  const { audience, range, anchor, page, unit, steps, rows, of, compared, list } = state;
  const changed = (name: string, text: (state: PathwaysState) => string) =>
    text(state) === text(usual) ? [] : [[name, text(state)]];
  const lists = (name: string, values: (state: PathwaysState) => string[]) =>
    JSON.stringify(values(state)) === JSON.stringify(values(usual))
      ? []
      : [...values(state), ...(values(state).length > 0 ? [] : [''])].map((value) => [name, value]);
  const isUsualRange = range.from === usual.range.from && range.to === usual.range.to;
  return [
    ...toAddress(audience),
    ...(isUsualRange
      ? []
      : [
          ['from', String(range.from)],
          ['to', String(range.to)],
        ]),
    ...(anchor === usual.anchor && page === usual.page ? [] : [[anchor, page]]),
    ...(unit === usual.unit ? [] : [['unit', unit]]),
    ...changed('actions', ({ actions }) => flag(actions)),
    ...lists('group', ({ groups }) => groups),
    ...lists('hide', ({ hide }) => hide),
    ...(steps === usual.steps ? [] : [['steps', String(steps)]]),
    ...(rows === usual.rows ? [] : [['rows', String(rows)]]),
    ...changed('anon', ({ anonymous }) => flag(anonymous)),
    ...changed('table', ({ table }) => flag(table)),
    ...changed('vs', ({ compare }) => compare),
    ...(of ? [[compared ? 'ofvs' : 'of', of]] : []),
    ...(list === usual.list ? [] : [['list', list]]),
  ];
}

const flag = (on: boolean) => (on ? '1' : '0');

/** The state of an address; what it lacks or says wrongly is as usual. */
export function fromParameters(parameters: URLSearchParams, usual = DEFAULT_STATE): PathwaysState {
  const steps = Number(parameters.get('steps'));
  const rows = Number(parameters.get('rows'));
  const anchor = (['start', 'after', 'before', 'end'] as const).find((one) => parameters.has(one));
  const isOn = (name: string, otherwise: boolean) =>
    ({ '1': true, '0': false })[parameters.get(name) ?? ''] ?? otherwise;
  const list = (name: string, otherwise: string[]) =>
    parameters.has(name) ? parameters.getAll(name).filter(Boolean) : otherwise;
  return {
    // No question of sessions searches for users.
    audience: { ...fromAddress(parameters), search: '' },
    range: { from: parameters.get('from') || usual.range.from, to: parameters.get('to') || usual.range.to },
    anchor: anchor ?? usual.anchor,
    page: anchor ? (parameters.get(anchor) ?? '') : usual.page,
    unit: (['session', 'user'] as const).find((one) => one === parameters.get('unit')) ?? usual.unit,
    actions: isOn('actions', usual.actions),
    groups: list('group', usual.groups),
    hide: list('hide', usual.hide),
    steps: Number.isSafeInteger(steps) && steps >= 2 && steps <= MOST_STEPS ? steps : usual.steps,
    rows: ROWS.includes(rows) ? rows : usual.rows,
    anonymous: isOn('anon', usual.anonymous),
    table: isOn('table', usual.table),
    compare: parameters.get('vs') ?? usual.compare,
    of: parameters.get('of') ?? parameters.get('ofvs') ?? '',
    compared: parameters.has('ofvs') && !parameters.has('of'),
    list: parameters.get('list') === 'users' ? 'users' : usual.list,
  };
}

/** Whose sessions a panel's query is about, and whose it compares them with. */
export interface Base extends Selection {
  compare?: Selection;
}

/** What a panel's query says of the state, and its base. */
export function stateOf(options: PathwaysOptions): { usual: PathwaysState; base: Base } {
  const { filter, includeSegments, excludeSegments, within, compare, ...rest } = options;
  const { anchor, page, unit, actions, groups, hide, steps, nodesPerStep, includeAnonymous } = rest;
  const usual = DEFAULT_STATE;
  return {
    usual: {
      ...usual,
      anchor: anchor ?? usual.anchor,
      page: anchor && needsPage(anchor) ? (page ?? '') : '',
      unit: unit ?? usual.unit,
      actions: actions ?? usual.actions,
      groups: groups ?? usual.groups,
      hide: hide ?? usual.hide,
      steps: steps ?? usual.steps,
      rows: nodesPerStep ?? usual.rows,
      anonymous: includeAnonymous ?? usual.anonymous,
      compare: compare ? OWN : '',
    },
    base: {
      ...(filter && { filter }),
      ...(includeSegments?.length && { includeSegments }),
      ...(excludeSegments?.length && { excludeSegments }),
      ...(within && { within }),
      ...(compare && { compare }),
    },
  };
}

/** What is asked of the data source within a base, undefined as long as no page is chosen that it takes. */
export function optionsOf(state: PathwaysState, { compare, ...base }: Base = {}): PathwaysOptions | undefined {
  const { audience, anchor, page, unit, actions, groups, hide, steps, rows, anonymous } = state;
  if (needsPage(anchor) && !page) {
    return undefined;
  }
  const other =
    state.compare === OWN
      ? compare && selected(audience, compare)
      : state.compare && selected({ ...audience, segments: [state.compare] }, base);
  return {
    ...selected(audience, base),
    ...(other && { compare: other }),
    ...(anchor !== 'start' && { anchor }),
    ...(needsPage(anchor) && { page }),
    ...(unit !== 'session' && { unit }),
    ...(actions && { actions }),
    ...(groups.length > 0 && { groups }),
    ...(hide.length > 0 && { hide }),
    ...{ steps, nodesPerStep: rows },
    ...(anonymous && { includeAnonymous: true }),
  };
}

/** An audience within a base. */
function selected(audience: Audience, base: Selection): Selection {
  const { within, ...own } = toSelection(audience, 'sessions');
  const outer = joined(within, base);
  return { ...own, ...(outer && { within: outer }) };
}
