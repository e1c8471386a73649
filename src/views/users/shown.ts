/** Whom the users view shows, as a definition of a segment. */
import { segmentLists } from '../../audience/audience';
import { NotASegment, toDefinition } from '../../audience/definition';
import { type Attribute, type SegmentDefinition } from '../../query/types.gen';

import { type Base } from './base';
import { whoOf } from './questions';
import { type UsersState } from './state';

/** Throws a NotASegment for what no segment can say. */
export function definitionOf(
  state: UsersState,
  base: Base | undefined,
  attributes: Attribute[],
  timeZone: string
): SegmentDefinition {
  const { excludeSegments: without = [], ...who } = whoOf(state, base);
  const shown = { filters: [], includeAnonymous: false, activeInRange: false, ...who };
  const { filter = '', search = '' } = who;
  const whom = { ...shown, filter, search, segments: segmentLists(who), without, timeZone };
  return toDefinition(whom, state.range, attributes);
}

/** All that narrows the users but what is built; undefined where nothing does, and where no segment can say it. */
export function amongOf(
  state: UsersState,
  base: Base | undefined,
  attributes: Attribute[],
  timeZone: string
): SegmentDefinition | undefined {
  const audience = { ...state.audience, definition: undefined };
  try {
    const definition = definitionOf({ ...state, audience }, base, attributes, timeZone);
    return definition.where.all?.length === 0 ? undefined : definition;
  } catch (error) {
    if (error instanceof NotASegment) {
      return undefined;
    }
    throw error;
  }
}
