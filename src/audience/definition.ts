import { type RawTimeRange } from '@grafana/data';

import { boundsOf } from '../api/range';
import { adHocFilterText } from '../query/adHocFilters';
import {
  type Attribute,
  type Condition,
  type FilterOperator,
  type SegmentCondition,
  type SegmentDefinition,
  type SegmentRef,
  type SegmentWindow,
} from '../query/types.gen';

import { type Audience } from './audience';
import { formatClause } from './clause';
import { levelsOf } from './levels';
import { joinTerms, quotedText, splitTerms } from './terms';

/** A condition that no segment can say, so that the audience cannot be kept. */
export class NotASegment extends Error {
  constructor(
    term: string,
    /** It is about users or about events, and could be said as two. */
    readonly mixed = false
  ) {
    super(term);
  }
}

/** Whom a list shows. */
export interface Shown extends Pick<Audience, 'filter' | 'search'> {
  /** Of each list users of any; none of them narrows nothing. */
  segments: SegmentRef[][];
  /** Users of none of them. */
  without: SegmentRef[];
  /** Those of a form or a dashboard. */
  filters: Condition[];
  includeAnonymous: boolean;
  /** Only users with an event in the range. */
  activeInRange: boolean;
  /** What dates without one are read in, an IANA name. */
  timeZone: string;
}

/**
 * The segment of exactly the users that the list of them shows. What the filter says of sessions and events in the range
 * becomes what users did in that time.
 */
export function toDefinition(shown: Shown, range: RawTimeRange, attributes: Attribute[]): SegmentDefinition {
  const { search, includeAnonymous } = shown;
  const timeZone = zoneOf(shown);
  const zoned = { ...shown, timeZone };
  const window = windowOf(range);
  const did = (event: string) => ({ did: { event, window } });
  const ofUsers: string[] = [];
  const ofOneEvent: string[] = [];
  const conditions: SegmentCondition[] = [];
  for (const term of [...splitTerms(shown.filter), ...shown.filters.map(toTerm)]) {
    const levels = levelsOf(term, attributes);
    const [, negation, rest] = /^((?:-|NOT\s+)*)(.*)$/s.exec(term)!;
    const negated = (negation.match(/-|NOT/g)?.length ?? 0) % 2 === 1;
    const [, inner] = /^has\((.*)\)$/s.exec(rest) ?? [];
    if (!levels.includes('event')) {
      ofUsers.push(term);
    } else if (levels.includes('user')) {
      throw new NotASegment(term, true);
    } else if (negated) {
      conditions.push({ not: did(inner ?? rest) });
    } else if (inner) {
      conditions.push(did(inner));
    } else {
      ofOneEvent.push(rest);
    }
  }
  if (shown.activeInRange) {
    conditions.push(did('type:*'));
  }
  if (search.trim()) {
    ofUsers.push(quotedText(search.trim()));
  }
  if (ofOneEvent.length > 0) {
    conditions.unshift(did(joinTerms(ofOneEvent)));
  }
  if (ofUsers.length > 0) {
    conditions.unshift({ users: joinTerms(ofUsers) });
  }
  if (shown.without.length > 0) {
    conditions.unshift({ not: ofAny(shown.without, zoned) });
  }
  for (const list of shown.segments) {
    const any = ofAny(list, zoned);
    // What must all hold stands in one list, as if it had been built at once.
    conditions.unshift(...(any.all ?? [any]));
  }
  const where = conditions.length === 1 ? conditions[0] : { all: conditions };
  return { where, ...(includeAnonymous && { includeAnonymous }), ...(timeZone !== 'UTC' && { timeZone }) };
}

/** The zone that all dates are read in: the list's, or that of definitions where nothing else has any. */
function zoneOf({ filter, filters, segments, without, timeZone }: Shown): string {
  const definitions = [...segments.flat(), ...without].filter((one) => typeof one !== 'string');
  const zones = [
    ...(hasDates([filter, filters]) ? [timeZone] : []),
    ...definitions.filter(({ where }) => hasDates(where)).map(({ timeZone = 'UTC' }) => timeZone),
  ];
  return new Set(zones).size === 1 ? zones[0] : timeZone;
}

const hasDates = (what: unknown) => /\d{4}-\d{2}-\d{2}/.test(JSON.stringify(what));

/** Other names of the same operators, which a dashboard's filters use. */
const SAME: Partial<Record<FilterOperator, FilterOperator>> = { '=|': '=', '!=|': '!=' };

/** A form's condition in the filter language. */
function toTerm(condition: Condition): string {
  const { attribute, values = [] } = condition;
  const operator = SAME[condition.operator] ?? condition.operator;
  // Regular expressions, which it does not have, and empty texts, which are no values in a form.
  if (operator === '=~' || operator === '!~' || values.includes('')) {
    throw new NotASegment(adHocFilterText(condition));
  }
  return formatClause({ attribute, operator, values });
}

function ofAny(segments: SegmentRef[], shown: Shown): SegmentCondition {
  const any = segments.map((segment) => ofSegment(segment, shown));
  return any.length === 1 ? any[0] : { any };
}

/** Who is in a segment, stored or not: of one that is not, the condition alone, so that all else of it must be the same. */
function ofSegment(segment: SegmentRef, { includeAnonymous, timeZone }: Shown): SegmentCondition {
  if (typeof segment === 'string') {
    return { segment };
  }
  const { where, identity = 'usr.id' } = segment;
  if (identity !== 'usr.id') {
    throw new NotASegment(`identity ${identity}`);
  }
  if (includeAnonymous && !segment.includeAnonymous) {
    throw new NotASegment('includeAnonymous');
  }
  if (timeZone !== (segment.timeZone ?? 'UTC') && hasDates(where)) {
    throw new NotASegment(`timeZone ${segment.timeZone ?? 'UTC'}`);
  }
  return where;
}

/** The range as a segment's window: one that ends now goes on with time. */
function windowOf(range: RawTimeRange): SegmentWindow {
  const [, last] = (range.to === 'now' && /^now-(\d+[smhdw])$/.exec(String(range.from))) || [];
  return last ? { last } : boundsOf(range);
}
