import { type Segment, type SegmentDefinition, type SegmentRef } from '../../query/types.gen';

import { type Choice } from './options';

const LONGEST = 40;

/** What menus offer: the store's segments, and the definitions that are chosen already. */
export function segmentChoices(
  segments: Array<Pick<Segment, 'id' | 'name'>>,
  chosen: SegmentRef[] = []
): Array<Choice<string>> {
  const definitions = chosen.filter((segment) => typeof segment !== 'string').map(writeSegment);
  return [
    ...segments.map(({ id, name }) => ({ value: id, label: name, description: id })),
    ...definitions.map((text) => ({ value: text, label: shortened(text) })),
  ];
}

/** A segment as the text that stands for it in a menu: its id, or its definition as JSON. */
export function writeSegment(segment: SegmentRef): string {
  return typeof segment === 'string' ? segment : JSON.stringify(segment);
}

/** The other way round. Ids and variables never begin with a brace; JSON that cannot be read stays a text. */
export function readSegment(text: string): SegmentRef {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text) as SegmentDefinition;
    } catch {
      // The store will say that there is no such segment.
    }
  }
  return text.trim();
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
