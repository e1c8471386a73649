import { definitionText } from '../../conditions/sentence';
import { type Known } from '../../conditions/words';
import { type SegmentDefinition, type SegmentRef } from '../../query/types.gen';

import { type Choice } from './options';

const LONGEST = 80;

/** What menus offer: the store's segments, and the definitions that are chosen already, as sentences. */
export function segmentChoices(known: Known, chosen: SegmentRef[] = []): Array<Choice<string>> {
  const definitions = chosen.filter((segment) => typeof segment !== 'string');
  return [
    ...known.segments.map(({ id, name }) => ({ value: id, label: name, description: id })),
    ...definitions.map((one) => ({ value: writeSegment(one), label: shortened(sentenceOf(one, known)) })),
  ];
}

/** A definition as people read it; as it is where it has not even the shape of one. */
export function sentenceOf(definition: SegmentDefinition, known: Known): string {
  try {
    return definitionText(definition, known);
  } catch {
    return writeSegment(definition);
  }
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
