import { type SegmentDefinition, type SegmentRef, type Selection } from '../query/types.gen';

import { readDefinition } from './readDefinition';
import { formatValueTerm, joinTerms, splitTerms } from './terms';

/** Who is spoken of: carried in every link between the pages and understood by every view. */
export interface Audience {
  /** Ids: users who belong to any of them. */
  segments: string[];
  /** Ids: any of them, see `APPLICATION`; none narrows nothing. */
  applications: string[];
  /** In the filter language. */
  filter: string;
  /** Part of a user's id, name or e-mail. */
  search: string;
  /** Conditions that were built: users of whom all else holds, and this. */
  definition?: SegmentDefinition;
}

/**
 * What applications narrow: users by the one they used last, since a user has one value of it and the facet counts it so;
 * sessions and events by the one they happened in.
 */
export const APPLICATION = { users: 'last_application', sessions: 'application' } as const;

export const EVERYBODY: Audience = { segments: [], applications: [], filter: '', search: '' };

export const isEverybody = ({ segments, applications, filter, search, definition }: Audience) =>
  segments.length + applications.length === 0 && !filter && !search && !definition;

/** The audience as parameters of an address: app and seg (once for each), q, s, and def, which is JSON. */
export function toAddress({ segments, applications, filter, search, definition }: Audience): string[][] {
  return [
    ...applications.map((id) => ['app', id]),
    ...segments.map((id) => ['seg', id]),
    ...(filter ? [['q', filter]] : []),
    ...(search ? [['s', search]] : []),
    ...(definition ? [['def', JSON.stringify(definition)]] : []),
  ];
}

/** The audience of an address; what is missing narrows nothing. */
export function fromAddress(parameters: URLSearchParams): Audience {
  const definition = readDefinition(parameters.get('def') ?? '');
  return {
    segments: parameters.getAll('seg').filter(Boolean),
    applications: parameters.getAll('app').filter(Boolean),
    filter: parameters.get('q') ?? '',
    search: parameters.get('s') ?? '',
    ...(definition && { definition }),
  };
}

/**
 * What queries of users take, or those of sessions and events. The definition stands in `within`, since a user must be in one
 * of the segments and in it, and no facet leaves it out.
 */
export function toSelection(
  { segments, applications, filter, search, definition }: Audience,
  of: keyof typeof APPLICATION = 'users'
): Selection & { search?: string } {
  // The filter's own conditions stay in front, so that places in it are the same in what is asked.
  const whole =
    applications.length > 0
      ? joinTerms([
          ...splitTerms(filter),
          formatValueTerm({ attribute: APPLICATION[of], not: false, values: applications }),
        ])
      : filter;
  return {
    ...(segments.length > 0 && { includeSegments: segments as SegmentRef[] }),
    ...(whole && { filter: whole }),
    ...(search && { search }),
    ...(definition && { within: { includeSegments: [definition] } }),
  };
}

/** The same selection with as little as possible in `within`: what can be said at its top is what people see and edit. */
export function flattened({ within, ...top }: Selection): Selection {
  if (!within) {
    return top;
  }
  const { filter = '', includeSegments = [], excludeSegments = [], within: rest } = flattened(within);
  const terms = joinTerms([...splitTerms(top.filter ?? ''), ...splitTerms(filter)]);
  const excluded = [...(top.excludeSegments ?? []), ...excludeSegments];
  const [included = [], ...others] = [top.includeSegments ?? [], includeSegments].filter((list) => list.length > 0);
  const left = others.length > 0 ? { includeSegments: others[0], ...(rest && { within: rest }) } : rest;
  return {
    ...(terms && { filter: terms }),
    ...(included.length > 0 && { includeSegments: included }),
    ...(excluded.length > 0 && { excludeSegments: excluded }),
    ...(left && { within: left }),
  };
}

/** One selection within another, either of which may say nothing. */
export function joined(inner: Selection = {}, outer: Selection): Selection | undefined {
  const given = [inner, outer].filter((selection) => Object.keys(selection).length > 0);
  return given.length > 1 ? { ...inner, within: outer } : given[0];
}

/** The lists of segments of a selection, of each of which a user must be in one. */
export function segmentLists({ includeSegments = [], within }: Selection): SegmentRef[][] {
  return [...(includeSegments.length > 0 ? [includeSegments] : []), ...(within ? segmentLists(within) : [])];
}
