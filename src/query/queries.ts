import { CoreApp } from '@grafana/data';

import { arity } from './attributes';
import { type FootfallQuery, type QueryOf } from './types';
import {
  type Condition,
  type Measure,
  type MeasureName,
  type OptionsByType,
  type PathwayAnchor,
  type QueryType,
  type SegmentRef,
  type Selection,
  type UserSelection,
} from './types.gen';

/** Every query type, in the order in which it is offered. */
export const QUERY_TYPES: Record<QueryType, { label: string; description: string }> = {
  profiles: { label: 'Users', description: 'One row per user, with what is known of them' },
  profile: { label: 'User', description: "One user's attributes, and totals compared with other users" },
  topPages: { label: 'Top pages', description: 'The pages viewed most' },
  topActions: { label: 'Top actions', description: 'The actions done most' },
  sessions: { label: 'Sessions', description: 'One row per session that starts in the time range' },
  session: { label: 'Session', description: 'The events of one session, in order' },
  events: { label: 'Events', description: 'Raw events, the newest first' },
  pathways: { label: 'Pathways', description: 'How sessions or users go from page to page' },
  explorer: {
    label: 'Explorer',
    description: 'Numbers over time, as a table or as one value, by up to three attributes',
  },
  activeUsers: {
    label: 'Active users',
    description: 'Users per day, in the 7 and 28 days up to it, and how many are new',
  },
  facets: { label: 'Facets', description: 'How many users have each value of some attributes' },
  values: { label: 'Values', description: 'The values of an attribute, with counts' },
  annotations: { label: 'Annotations', description: 'Moments to mark: frustrations, first visits, any events' },
  segments: { label: 'Segments', description: 'All segments, with their sizes and when they were computed' },
  segmentMembers: { label: 'Segment members', description: 'The users of a segment, one row each' },
  segmentSize: { label: 'Segment sizes', description: 'How many users segments had over time' },
};

/** What a query asks until something is chosen: all users, and for alert rules the number of events over time. */
export function defaultQuery(app?: CoreApp): Pick<FootfallQuery, 'queryType' | 'options'> {
  if (app === CoreApp.UnifiedAlerting) {
    return {
      queryType: 'explorer',
      options: { over: 'events', measures: [{ measure: 'count' }], format: 'timeseries', whole: true },
    };
  }
  return { queryType: 'profiles', options: {} };
}

/** A query as it is stored, completed where it is new or written by hand. */
export function withDefaults(query: FootfallQuery): FootfallQuery {
  const { queryType, options } = query;
  return { ...query, queryType: queryType || 'profiles', options: options ?? {} } as FootfallQuery;
}

/** False for types of a newer version, or of another datasource whose query was copied. */
export function isKnownType(queryType: string): queryType is QueryType {
  return Object.hasOwn(QUERY_TYPES, queryType);
}

/** These take no filter and no segments that would narrow them. */
const WITHOUT_SELECTION: QueryType[] = ['values', 'segments', 'segmentMembers', 'segmentSize'];

/** The same query with another type: it keeps its filter and segments, if the new type takes any; the rest has its defaults. */
export function changeType(query: FootfallQuery, queryType: QueryType): FootfallQuery {
  const options = WITHOUT_SELECTION.includes(queryType) ? {} : selectionOf(query);
  return { ...query, queryType, options } as FootfallQuery;
}

/** What narrows the query, without what is empty. */
function selectionOf({ options }: FootfallQuery): Selection {
  const { filter, includeSegments, excludeSegments, within } = (options ?? {}) as Selection;
  return {
    ...(filter && { filter }),
    ...(includeSegments?.length && { includeSegments }),
    ...(excludeSegments?.length && { excludeSegments }),
    ...(within && { within }),
  };
}

const NUMERIC_MEASURES: MeasureName[] = ['sum', 'avg', 'min', 'max', 'median', 'p75', 'p90', 'p95', 'p99'];

export function needsAttribute({ measure }: Measure): boolean {
  return measure !== undefined && NUMERIC_MEASURES.includes(measure);
}

type Checks = { [T in QueryType]?: (options: OptionsByType[T]) => boolean };

/** Whether paths begin or end at a page. */
export const needsPage = (anchor: PathwayAnchor) => anchor === 'after' || anchor === 'before';

/** What must be given before a query of a type can be answered. */
const COMPLETE: Checks = {
  profiles: ({ filters = [] }) => filters.every(isCompleteCondition),
  profile: ({ user }) => Boolean(user),
  topPages: isCompleteUser,
  topActions: isCompleteUser,
  sessions: isCompleteUser,
  session: ({ session, user, start }) => Boolean(session || (user && start)),
  pathways: ({ anchor = 'start', page }) => !needsPage(anchor) || Boolean(page),
  explorer: ({ measures = [], facets = [] }) =>
    measures.flatMap(parts).every((part) => !needsAttribute(part) || Boolean(part.attribute)) &&
    facets.every(({ attribute }) => Boolean(attribute)),
  facets: ({ attributes = [], filters = [] }) => attributes.length > 0 && filters.every(isCompleteCondition),
  values: ({ attribute }) => Boolean(attribute),
  segmentMembers: ({ segment }) => Boolean(segment),
};

/** False while something is still missing: running the query would only bring an error. */
export function isComplete({ queryType, options }: FootfallQuery): boolean {
  const check = COMPLETE[queryType] as ((options: object) => boolean) | undefined;
  return check?.(options) ?? true;
}

function parts(measure: Measure): Measure[] {
  return measure.ratio ? [measure.ratio.of, measure.ratio.to] : [measure];
}

/** An anonymous id may be missing, but not where one was promised. */
function isCompleteUser({ user, anonymous }: UserSelection): boolean {
  return Boolean(user) || !anonymous;
}

function isCompleteCondition({ attribute, operator, values = [] }: Condition): boolean {
  if (!attribute) {
    return false;
  }
  switch (arity(operator)) {
    case 'none':
      return true;
    case 'one':
      return values.length === 1;
    case 'many':
      return values.length > 0;
  }
}

/** A query in one line, for where Grafana shows no editor: "Sessions of user 42 in premium where country:BR". */
export function displayText(query: FootfallQuery): string {
  const label = isKnownType(query.queryType) ? QUERY_TYPES[query.queryType].label : query.queryType;
  const { filter, includeSegments, excludeSegments } = selectionOf(query);
  return [
    label,
    ...details(query),
    ...(includeSegments ? ['in', includeSegments.map(segmentText).join(', ')] : []),
    ...(excludeSegments ? ['not in', excludeSegments.map(segmentText).join(', ')] : []),
    ...(filter ? ['where', filter] : []),
  ].join(' ');
}

function segmentText(segment: SegmentRef): string {
  return typeof segment === 'string' ? segment : 'a definition';
}

function details({ queryType, options }: FootfallQuery): string[] {
  switch (queryType) {
    case 'profiles':
      return options.search ? ['with', options.search] : [];
    case 'profile':
      return options.user ? [options.user] : [];
    case 'topPages':
    case 'topActions':
    case 'sessions':
      return options.user ? ['of user', options.user] : [];
    case 'session':
      return options.session ? [options.session] : options.user ? ['of user', options.user] : [];
    case 'pathways':
      return [options.anchor ?? 'start', ...(options.page ? [options.page] : [])];
    case 'explorer':
      return explorerDetails(options);
    case 'facets':
      return options.attributes?.length ? ['of', options.attributes.map(({ attribute }) => attribute).join(', ')] : [];
    case 'values':
      return options.attribute ? ['of', options.attribute] : [];
    case 'annotations':
      return [
        { frustrations: 'frustrations', firstSeen: 'first seen', events: 'events' }[options.kind ?? 'frustrations'],
      ];
    case 'segmentMembers':
      return options.segment ? ['of', segmentText(options.segment)] : [];
    case 'segmentSize':
      return options.segments?.length ? ['of', options.segments.join(', ')] : [];
    case 'activeUsers':
    case 'events':
    case 'segments':
      return [];
    default: // a type of another version
      return [];
  }
}

function explorerDetails({ over = 'events', measures = [], facets = [] }: QueryOf<'explorer'>['options']): string[] {
  const names = (measures.length > 0 ? measures : [{ measure: 'count' as const }]).map(measureText);
  const by = facets.map(({ attribute }) => attribute).filter(Boolean);
  return [names.join(', '), `over ${over}`, ...(by.length > 0 ? [`by ${by.join(', ')}`] : [])];
}

/** A measure's name, or what it measures: "median duration", "users / sessions". */
export function measureText(measure: Measure): string {
  return (
    measure.name ||
    parts(measure)
      .map(({ measure, attribute }) => [measure, attribute].filter(Boolean).join(' '))
      .join(' / ')
  );
}
