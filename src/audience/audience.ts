import { type SegmentRef, type Selection } from '../query/types.gen';

/** Who is spoken of: carried in every link between the pages and understood by every view. */
export interface Audience {
  /** Ids: users who belong to any of them. */
  segments: string[];
  /** In the filter language. */
  filter: string;
  /** Part of a user's id, name or e-mail. */
  search: string;
}

export const EVERYBODY: Audience = { segments: [], filter: '', search: '' };

export const isEverybody = ({ segments, filter, search }: Audience) => segments.length === 0 && !filter && !search;

/** The audience as parameters of an address: seg (once for each), q, s. */
export function toAddress({ segments, filter, search }: Audience): string[][] {
  return [...segments.map((id) => ['seg', id]), ...(filter ? [['q', filter]] : []), ...(search ? [['s', search]] : [])];
}

/** The audience of an address; what is missing narrows nothing. */
export function fromAddress(parameters: URLSearchParams): Audience {
  return {
    segments: parameters.getAll('seg').filter(Boolean),
    filter: parameters.get('q') ?? '',
    search: parameters.get('s') ?? '',
  };
}

/** What queries of users take. */
export function toSelection({ segments, filter, search }: Audience): Selection & { search?: string } {
  return {
    ...(segments.length > 0 && { includeSegments: segments as SegmentRef[] }),
    ...(filter && { filter }),
    ...(search && { search }),
  };
}
