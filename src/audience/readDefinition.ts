import { type SegmentDefinition } from '../query/types.gen';

/** A definition written as JSON, undefined for a text that is none. Whether it makes sense is decided by the backend alone. */
export function readDefinition(text: string): SegmentDefinition | undefined {
  try {
    const read: unknown = JSON.parse(text);
    return isObject(read) && isCondition(read.where) ? (read as unknown as SegmentDefinition) : undefined;
  } catch {
    return undefined;
  }
}

/** Whether it has the shape of one condition, so that it can be drawn. */
function isCondition(read: unknown): boolean {
  if (!isObject(read)) {
    return false;
  }
  const { all, any, not, users, did, sequence, segment, table } = read;
  const given = [all, any, not, users, did, sequence, segment, table].filter((one) => one !== undefined);
  const group = all ?? any;
  const steps = isObject(sequence) ? sequence.steps : undefined;
  return (
    given.length === 1 &&
    [users, segment, table].every((text) => text === undefined || typeof text === 'string') &&
    (group === undefined || (Array.isArray(group) && group.every(isCondition))) &&
    (not === undefined || isCondition(not)) &&
    (did === undefined || (isObject(did) && typeof did.event === 'string')) &&
    (sequence === undefined || (Array.isArray(steps) && steps.every(isStep)))
  );
}

const isStep = (read: unknown) => isObject(read) && typeof (read.event ?? read.not) === 'string';

const isObject = (read: unknown): read is Record<string, unknown> =>
  typeof read === 'object' && read !== null && !Array.isArray(read);
