/**
 * Who began and never came through: they did one thing, and never that and later another one, both in one time. A definition
 * says it by two conditions in turn.
 */
import { type SegmentCondition, type SegmentSequence } from '../query/types.gen';

export type Pair = [SegmentCondition, SegmentCondition];

/** The two conditions of a sequence that was begun and not ended. */
export function writeThrough(sequence: SegmentSequence): Pair {
  const { steps, window } = sequence;
  return [{ did: { event: steps[0].event ?? '', ...(window && { window }) } }, { not: { sequence } }];
}

/** The sequence that two conditions speak of; undefined where they say anything else, or more. */
export function readThrough(began: SegmentCondition, never: SegmentCondition): SegmentSequence | undefined {
  const sequence = never.not?.sequence;
  if (!began.did || !sequence || sequence.pending || sequence.steps.length !== 2) {
    return undefined;
  }
  const isPlain = sequence.steps.every(({ event, not }) => event !== undefined && not === undefined);
  const [wanted] = writeThrough(sequence);
  return isPlain && same(began, wanted) ? sequence : undefined;
}

/** Whether two conditions are the same, in whatever order they name what they say. */
const same = (a: SegmentCondition, b: SegmentCondition) => text(a) === text(b);

const text = (condition: SegmentCondition) =>
  JSON.stringify(condition, (_, value) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value
  );
