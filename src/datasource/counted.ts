/** What the numbers of an answer count: users, sessions or events, and in the filter language which of them. */
import { type DataFrame } from '@grafana/data';

import { flattened } from '../audience/audience';
import { formatValueTerm, joinTerms } from '../audience/terms';
import { type FootfallQuery } from '../query/types';
import { type Condition, type ExplorerOptions, type Measure, type Selection } from '../query/types.gen';

export type Unit = 'users' | 'sessions' | 'events';

/** One column of numbers. */
export interface Counted {
  /** The place of its field in the frame. */
  field: number;
  unit: Unit;
  /** What the conditions speak of. */
  over: Unit;
  conditions: string[];
  /** Attributes by whose values numbers are told apart, each with the name of the field that has them, or with its value. */
  facets: Array<{ attribute: string; field?: string; value?: string }>;
  /** In a time series: how many days up to the point's it takes together, and its users' first visit compared with that. */
  days?: number;
  seen?: 'first' | 'before';
}

/** Whom a question is asked of, as a filter and segments; undefined where these cannot say it. */
export function whoOf({
  options,
  adHocFilters = [],
}: FootfallQuery): { terms: string[]; segments: string[] } | undefined {
  const { filter = '', includeSegments = [], excludeSegments = [], within } = flattened(options as Selection);
  const conditions = adHocFilters.map(conditionTerm);
  const named = [...includeSegments, ...excludeSegments].every((segment) => typeof segment === 'string');
  if (within || !named || conditions.includes(undefined)) {
    return undefined;
  }
  const excluded = excludeSegments as string[];
  const without = excluded.length > 0 ? [formatValueTerm({ attribute: 'segment', not: true, values: excluded })] : [];
  const terms = [withoutAlways(filter), ...without, ...(conditions as string[])].filter(Boolean);
  return { terms, segments: includeSegments as string[] };
}

/** "Has a value or has none", which a variable set to All leaves behind. */
const withoutAlways = (filter: string) => filter.replace(/\(([^\s:()]+):\* OR -\1:\*\)/g, '').trim();

function conditionTerm({ attribute, operator, values = [] }: Condition): string | undefined {
  return ['=', '!=', '=|', '!=|'].includes(operator)
    ? formatValueTerm({ attribute, not: operator.startsWith('!'), values })
    : undefined;
}

/** The columns of an answer that count something, and what. */
export function countedIn(query: FootfallQuery, frame: DataFrame): Counted[] {
  switch (query.queryType) {
    case 'explorer':
      return ofExplorer(query.options, frame);
    case 'topPages':
      return query.options.user ? [] : ofTop('page', ['type:view'], frame);
    case 'topActions':
      return query.options.user ? [] : ofTop('action', [], frame);
    case 'activeUsers':
      return frame.fields.flatMap(({ name }, field) =>
        ACTIVE[name] ? [{ ...ACTIVE[name], ...ACTIVE_DAY, field }] : []
      );
    default:
      return [];
  }
}

const ACTIVE_DAY = { unit: 'users', over: 'sessions', conditions: [], facets: [] } satisfies Omit<Counted, 'field'>;
const ACTIVE: Record<string, Pick<Counted, 'days' | 'seen'>> = {
  active: { days: 1 },
  active7: { days: 7 },
  active28: { days: 28 },
  new: { days: 1, seen: 'first' },
  returning: { days: 1, seen: 'before' },
};

/** Sessions are left out: of an event in the range the session may begin before it. */
function ofTop(attribute: string, conditions: string[], frame: DataFrame): Counted[] {
  const units: Record<string, Unit> = { views: 'events', actions: 'events', users: 'users', median_time: 'events' };
  return frame.fields.flatMap(({ name }, field) =>
    units[name]
      ? [{ field, unit: units[name], over: 'events', conditions, facets: [{ attribute, field: attribute }] }]
      : []
  );
}

function ofExplorer(options: ExplorerOptions, frame: DataFrame): Counted[] {
  const { over = 'events', format = 'timeseries', measures = [], facets = [], fill = true } = options;
  if (format === 'timeseries' && !fill) {
    return []; // Nothing tells where a bucket ends.
  }
  const asked: Measure[] = measures.length > 0 ? measures : [{ measure: 'count' }];
  const first = { timeseries: 1, table: facets.length, value: 0 }[format];
  // Behind the numbers of a table may stand what is none of them.
  const numbers = format === 'table' ? frame.fields.slice(first, first + asked.length) : frame.fields.slice(first);
  return numbers.flatMap(({ labels }, at): Counted[] => {
    const { of = asked[at % asked.length] } = asked[at % asked.length].ratio ?? {};
    const unit = unitOf(of, over);
    const told =
      format === 'table'
        ? frame.fields.slice(0, first).map(({ name }) => ({ attribute: name, field: name }))
        : Object.entries(labels ?? {})
            .filter(([name]) => name !== 'measure')
            .map(([attribute, value]) => ({ attribute, value }));
    return unit ? [{ field: first + at, unit, over, conditions: of.filter ? [of.filter] : [], facets: told }] : [];
  });
}

/** A median and the like leads to what it is of, a ratio (also as the text "count / users") to what is shared. */
function unitOf({ measure = 'count' }: Measure, over: Unit): Unit | undefined {
  const [of] = measure.split(' / ');
  if (of === 'users') {
    return 'users';
  }
  return of === 'sessions' && over !== 'sessions' ? undefined : over;
}

/** The filter that a list of the unit takes, undefined where none says the same; `from` is the range's start. */
export function listFilter({ unit, over }: Counted, terms: string[], from: number): string | undefined {
  const filter = joinTerms(terms);
  if (unit !== 'users') {
    return unit === over ? filter : undefined;
  }
  const started = `session_start:>=${from}`;
  if (over === 'users') {
    return joinTerms([...terms, `has(${started})`]);
  }
  // One event of a user must match all of it: has(...) says so, but stands in no other.
  if (/\bhas\(/.test(filter)) {
    return undefined;
  }
  if (over === 'events') {
    return filter ? `has(${filter})` : 'type:*';
  }
  // What no event of a session may be cannot be said of one event.
  return /(^|[\s(])(-|NOT\s)/.test(filter) ? undefined : `has(${joinTerms([...terms, started])})`;
}
