/** What the users whom the other conditions leave have used, which is offered before what all others have. */
import { type DataFrame, type RawTimeRange } from '@grafana/data';

import { type Target } from '../api/ask';
import { attributeNamed } from '../query/attributes';
import { type Attribute, type SegmentDefinition } from '../query/types.gen';

/** Values that are offered of these users, and pages or actions among which is searched here. */
const OFFERED = 8;
const MANY = 500;

export interface Used {
  value: string;
  text: string;
  users: number;
}

/** Undefined of what is not counted by users: errors, and what differs with each of them. */
export function usedTarget(
  attribute: string,
  search: string,
  definition: SegmentDefinition,
  attributes: Attribute[]
): Target | undefined {
  const includeSegments = [definition];
  const includeAnonymous = definition.includeAnonymous ?? false;
  const common = { includeSegments, includeAnonymous };
  switch (attribute) {
    case 'page':
      return { refId: 'used', queryType: 'topPages', options: { ...common, limit: MANY } };
    case 'action':
      return { refId: 'used', queryType: 'topActions', options: { ...common, limit: MANY } };
  }
  const named = attributeNamed(attribute, attributes);
  if (named?.level !== 'profile' || named.type === 'time' || named.id === 'user_id') {
    return undefined;
  }
  const counted = { attribute: named.id, ...(search && { search }) };
  return { refId: 'used', queryType: 'facets', options: { ...common, attributes: [counted], limit: OFFERED } };
}

/** The values of an answer that contain a text: those that are it first, then those of most users. */
export function usedOf(frame: DataFrame | undefined, search: string): Used[] {
  const column = (name: string): unknown[] => [...(frame?.fields.find((field) => field.name === name)?.values ?? [])];
  const [named] = ['page', 'action', 'value'].filter((name) => column(name).length > 0);
  if (!named) {
    return [];
  }
  const texts = column('text');
  const counts = column(named === 'value' ? 'count' : 'users');
  const sought = search.toLowerCase();
  return column(named)
    .flatMap((value, i) =>
      value === null || value === ''
        ? []
        : [{ value: String(value), text: String(texts[i] ?? value), users: Number(counts[i]) }]
    )
    .filter(({ value, text, users }) => users > 0 && `${value} ${text}`.toLowerCase().includes(sought))
    .sort((a, b) => Number(b.value === search) - Number(a.value === search) || b.users - a.users)
    .slice(0, OFFERED);
}

/** Where a condition says nothing of time, the usual one of what is counted in a time. */
export const USUAL_RANGE: RawTimeRange = { from: 'now-30d', to: 'now' };
