import { type RawTimeRange } from '@grafana/data';

import { boundsOf } from '../api/range';
import {
  type Attribute,
  type SegmentCondition,
  type SegmentDefinition,
  type SegmentRef,
  type SegmentWindow,
} from '../query/types.gen';

import { type Audience } from './audience';
import { levelsOf } from './levels';
import { joinTerms, quotedText, splitTerms } from './terms';

/** A condition that no segment can say, so that the audience cannot be kept. */
export class NotASegment extends Error {}

/**
 * The segment of exactly the users that the list of them shows. What the filter says of sessions and events in the range
 * becomes what users did in that time.
 */
export function toDefinition(
  { segments, filter, search }: Pick<Audience, 'filter' | 'search'> & { segments: SegmentRef[] },
  range: RawTimeRange,
  attributes: Attribute[],
  includeAnonymous: boolean
): SegmentDefinition {
  const window = windowOf(range);
  const did = (event: string) => ({ did: { event, window } });
  const ofUsers: string[] = [];
  const ofOneEvent: string[] = [];
  const conditions: SegmentCondition[] = [];
  for (const term of splitTerms(filter)) {
    const levels = levelsOf(term, attributes);
    const [, negation, rest] = /^((?:-|NOT\s+)*)(.*)$/s.exec(term)!;
    const negated = (negation.match(/-|NOT/g)?.length ?? 0) % 2 === 1;
    const [, inner] = /^has\((.*)\)$/s.exec(rest) ?? [];
    if (!levels.includes('event')) {
      ofUsers.push(term);
    } else if (levels.includes('user')) {
      throw new NotASegment(term);
    } else if (negated) {
      conditions.push({ not: did(inner ?? rest) });
    } else if (inner) {
      conditions.push(did(inner));
    } else {
      ofOneEvent.push(rest);
    }
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
  if (segments.length > 0) {
    const any = segments.map(ofSegment);
    conditions.unshift(any.length === 1 ? any[0] : { any });
  }
  const where = conditions.length === 1 ? conditions[0] : { all: conditions };
  return { where, ...(includeAnonymous && { includeAnonymous }) };
}

/** Who is in a segment, stored or not. Whose value another one's is does not count here. */
function ofSegment(segment: SegmentRef): SegmentCondition {
  if (typeof segment === 'string') {
    return { segment };
  }
  if (segment.identity && segment.identity !== 'usr.id') {
    throw new NotASegment(`identity ${segment.identity}`);
  }
  return segment.where;
}

/** The range as a segment's window: one that ends now goes on with time. */
function windowOf(range: RawTimeRange): SegmentWindow {
  const [, last] = (range.to === 'now' && /^now-(\d+[smhdw])$/.exec(String(range.from))) || [];
  return last ? { last } : boundsOf(range);
}
