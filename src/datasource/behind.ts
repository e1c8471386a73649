/** Links that lead from the numbers of an answer to lists of what they count. */
import {
  type DataFrame,
  type DataLink,
  dateTimeForTimeZone,
  type InterpolateFunction,
  type TimeRange,
} from '@grafana/data';

import { pageAddress } from '../address';
import { formatValueTerm, joinTerms } from '../audience/terms';
import { EXPLORER_DASHBOARD } from '../constants';
import { type FootfallQuery } from '../query/types';

import { type Counted, countedIn, listFilter, type Unit, whoOf } from './counted';
import { encodedAgain, timesDecoded } from './links';

/** Where and when an answer was asked for. */
interface Asked {
  uid: string;
  range: TimeRange;
  timeZone: string;
}

const TITLES: Record<Unit, string> = { users: 'Show users', sessions: 'Show sessions', events: 'Show events' };

const NONE = '(none)';
const OTHER = '(other)';

/** The frame, each number of which leads to what it counts, where a list can show just that. */
export function withListsBehind(frame: DataFrame, query: FootfallQuery, asked: Asked): DataFrame {
  if (query.queryType === 'sessions') {
    return withEventsBehind(frame, asked);
  }
  const who = whoOf(query);
  const counted = who ? countedIn(query, frame) : [];
  if (!who || counted.length === 0) {
    return frame;
  }
  const fields = [...frame.fields];
  for (const one of counted) {
    const { uid } = asked;
    const address = (replace: InterpolateFunction) => {
      const { from, to } = boundsOf(one, frame, asked, replace);
      const terms = [...who.terms, ...one.conditions, ...facetTerms(one, frame, replace), ...seenTerms(one, from)];
      const filter = listFilter(one, terms, from);
      return filter === undefined
        ? undefined
        : listAddress(one.unit, { uid, filter, from, to, segments: who.segments });
    };
    // Whether there is such a list depends on no row, but for what a row's value may be.
    if (address((text) => text) !== undefined) {
      const field = fields[one.field];
      const links = [...(field.config.links ?? []), linkTo(TITLES[one.unit], address)];
      fields[one.field] = { ...field, config: { ...field.config, links } };
    }
  }
  return { ...frame, fields };
}

/** What each number of a session counts of its events. */
const OF_SESSION: Record<string, string[]> = {
  events: [],
  views: ['type:view'],
  actions: ['type:action'],
  errors: ['type:error'],
  frustrations: ['frustration:*'],
};

/** Sessions, each number of which leads to those of their events. */
function withEventsBehind(frame: DataFrame, { uid }: Asked): DataFrame {
  const fields = frame.fields.map((field) => {
    const conditions = OF_SESSION[field.name];
    if (!conditions) {
      return field;
    }
    const address = (replace: InterpolateFunction) => {
      const { from, to, terms } = sessionIn(frame, replace);
      return listAddress('events', { uid, filter: joinTerms([...terms, ...conditions]), from, to, segments: [] });
    };
    const links = [...(field.config.links ?? []), linkTo(TITLES.events, address)];
    return { ...field, config: { ...field.config, links } };
  });
  return { ...frame, fields };
}

/** The session of a row: when it was, and what tells its events from others of that time. */
function sessionIn(frame: DataFrame, replace: InterpolateFunction) {
  const valuesOf = (name: string) => frame.fields.find((field) => field.name === name)?.values ?? [];
  const from = Number(replace('${__data.fields["session_start"].numeric}'));
  // A text says nothing of what is missing: the values do.
  const user = replace('${__data.fields["user_id"]}');
  const rows = valuesOf('session_start').flatMap((start, row) => (start === from ? [row] : []));
  const row = rows.find((row) => valuesOf('user_id')[row] === user) ?? rows[0];
  const terms = ['user_id', 'session_id'].flatMap((attribute) => {
    const value: string | null = valuesOf(attribute)[row] ?? null;
    return value === null ? [] : [formatValueTerm({ attribute, not: false, values: [value] })];
  });
  return { from, to: from + Number(valuesOf('duration')[row] ?? 0) + 1, terms };
}

function linkTo(title: string, address: (replace: InterpolateFunction) => string | undefined): DataLink {
  return {
    title,
    // Grafana takes a link without an address for none.
    url: pageAddress(['users']),
    onBuildUrl: ({ replaceVariables = (text: string) => text }: { replaceVariables?: InterpolateFunction }) =>
      encodedAgain(address(replaceVariables) ?? '', timesDecoded()),
  };
}

interface List {
  uid: string;
  filter: string;
  segments: string[];
  from: number;
  to: number;
}

/** The page of users or of sessions, anonymous ones too, or the panel of the dashboard Explorer that lists events. */
function listAddress(unit: Unit, { uid, filter, segments, from, to }: List): string {
  const range = [
    ['from', String(from)],
    ['to', String(to)],
  ];
  if (unit !== 'events') {
    const audience = [['q', filter], ...segments.map((id) => ['seg', id])].filter(([, value]) => value);
    return pageAddress([unit], [['ds', uid], ...audience, ...range, ...(unit === 'sessions' ? [['anon', '1']] : [])]);
  }
  const { path, events } = EXPLORER_DASHBOARD;
  return `${path}?${new URLSearchParams([
    ['var-datasource', uid],
    ['var-filter', filter],
    ...(segments.length > 0 ? segments : ['$__all']).map((id) => ['var-segment', id]),
    ['viewPanel', String(events)],
    ...range,
  ])}`;
}

/** The time that a number is of: the range, or the bucket of a point in it. */
function boundsOf({ days }: Counted, frame: DataFrame, { range, timeZone }: Asked, replace: InterpolateFunction) {
  const whole = { from: range.from.valueOf(), to: range.to.valueOf() };
  const at = frame.fields[0].name === 'time' ? Number(replace('${__value.time}')) : NaN;
  if (Number.isNaN(at)) {
    return whole;
  }
  const times = frame.fields[0].values as number[];
  const to = times.find((time) => time > at) ?? (frame.meta?.custom?.to as number | undefined) ?? whole.to;
  const from =
    days === undefined
      ? Math.max(at, whole.from)
      : dateTimeForTimeZone(timeZone, at)
          .subtract(days - 1, 'days')
          .valueOf();
  return { from, to };
}

function seenTerms({ seen }: Counted, from: number): string[] {
  return seen ? [`first_seen:${seen === 'first' ? '>=' : '<'}${from}`] : [];
}

/** That the values are those of a row, or of a series. */
function facetTerms({ facets }: Counted, frame: DataFrame, replace: InterpolateFunction): string[] {
  return facets.flatMap(({ attribute, field, value = replace(`\${__data.fields["${field}"]}`) }) => {
    const shown = () =>
      field === undefined
        ? frame.fields.flatMap(({ labels }) => labels?.[attribute] ?? [])
        : (frame.fields.find(({ name }) => name === field)?.values ?? []);
    switch (value) {
      case NONE:
        return [formatValueTerm({ attribute, not: false, values: [null] })];
      case OTHER: {
        const values = [...new Set<string>(shown())].filter((one) => one !== OTHER);
        return facets.length === 1 && values.length > 0
          ? [formatValueTerm({ attribute, not: true, values: values.map((one) => (one === NONE ? null : one)) })]
          : [];
      }
      default:
        return [formatValueTerm({ attribute, not: false, values: [value] })];
    }
  });
}
