/** Reads a definition that somebody wrote or pasted, as far as a tree can be made of it: the backend looks at the rest. */
import { type SegmentDefinition } from '../query/types.gen';

const KINDS = ['all', 'any', 'not', 'users', 'did', 'sequence', 'segment', 'table'];

/** Throws an error that says where it stands, or what is wrong with the text. */
export function readDefinition(text: string): SegmentDefinition {
  const read: unknown = JSON.parse(text);
  if (!isObject(read)) {
    throw new Error('A definition is an object with the field where.');
  }
  checkCondition(read.where, 'where');
  return read as unknown as SegmentDefinition;
}

type Fields = Record<string, unknown>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function checkCondition(condition: unknown, path: string) {
  const [kind, another] = isObject(condition) ? Object.keys(condition) : [];
  if (!isObject(condition) || !KINDS.includes(kind) || another !== undefined) {
    throw new Error(`${path}: must have exactly one of ${KINDS.join(', ')}, and nothing else.`);
  }
  const at = `${path}.${kind}`;
  const said = condition[kind];
  switch (kind) {
    case 'all':
    case 'any':
      return list(said, at).forEach((one, i) => checkCondition(one, `${at}[${i}]`));
    case 'not':
      return checkCondition(said, at);
    case 'did':
      return checkTexts(said, at, 'event');
    case 'sequence':
      checkTexts(said, at);
      return list((said as Fields).steps, `${at}.steps`).forEach((step, i) =>
        checkTexts(step, `${at}.steps[${i}]`, ...['event', 'not'].filter((name) => isObject(step) && name in step))
      );
    default:
      return checkTexts(condition, path, kind);
  }
}

function list(value: unknown, path: string): unknown[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new Error(`${path}: must be a list.`);
  }
  return value;
}

/** Wants an object with texts of these names. */
function checkTexts(value: unknown, path: string, ...names: string[]) {
  if (!isObject(value)) {
    throw new Error(`${path}: must be an object.`);
  }
  const wrong = names.find((name) => typeof value[name] !== 'string');
  if (wrong) {
    throw new Error(`${path}.${wrong}: must be a text.`);
  }
}
