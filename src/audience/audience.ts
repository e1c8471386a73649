import { type SegmentRef, type Selection } from '../query/types.gen';

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
}

/**
 * What applications narrow: users by the one they used last, since a user has one value of it and the facet counts it so;
 * sessions and events by the one they happened in.
 */
export const APPLICATION = { users: 'last_application', sessions: 'application' } as const;

export const EVERYBODY: Audience = { segments: [], applications: [], filter: '', search: '' };

export const isEverybody = ({ segments, applications, filter, search }: Audience) =>
  segments.length + applications.length === 0 && !filter && !search;

/** The audience as parameters of an address: app and seg (once for each), q, s. */
export function toAddress({ segments, applications, filter, search }: Audience): string[][] {
  return [
    ...applications.map((id) => ['app', id]),
    ...segments.map((id) => ['seg', id]),
    ...(filter ? [['q', filter]] : []),
    ...(search ? [['s', search]] : []),
  ];
}

/** The audience of an address; what is missing narrows nothing. */
export function fromAddress(parameters: URLSearchParams): Audience {
  return {
    segments: parameters.getAll('seg').filter(Boolean),
    applications: parameters.getAll('app').filter(Boolean),
    filter: parameters.get('q') ?? '',
    search: parameters.get('s') ?? '',
  };
}

/** What queries of users take, or those of sessions and events. */
export function toSelection(
  { segments, applications, filter, search }: Audience,
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
  };
}
