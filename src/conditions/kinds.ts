/** The kinds of conditions that people choose from; some are one of the definition's with a detail set. */
import { asKind, type Row, type RowKind } from './tree';

export type Kind = RowKind | 'first' | `not ${Exclude<RowKind, 'through'>}`;

export const KINDS: Kind[] = [
  ...(['users', 'not users', 'did', 'not did', 'first', 'sequence', 'not sequence', 'through'] as const),
  ...(['segment', 'not segment', 'table', 'not table'] as const),
];

/** The first time needs a time that it lies in. */
const USUAL_WINDOW = { last: '30d' };

export function kindOf(row: Row): Kind {
  if (row.kind !== 'through' && row.nots % 2 === 1) {
    return `not ${row.kind}`;
  }
  return row.kind === 'did' && row.did.firstTime ? 'first' : row.kind;
}

/** The row as one of another kind; what it says stays as far as it fits. */
export function withKind(row: Row, kind: Kind): Row {
  if (kind === kindOf(row)) {
    return row;
  }
  const plain = kind === 'first' ? 'did' : (kind.replace('not ', '') as RowKind);
  const isNot = kind.startsWith('not ');
  const other = { ...asKind(row, plain), nots: (row.nots % 2 === 1) === isNot ? row.nots : Number(isNot) };
  if (other.kind !== 'did') {
    return other;
  }
  const { firstTime, ...did } = other.did;
  if (kind !== 'first') {
    return { ...other, did };
  }
  const { event, window = USUAL_WINDOW } = did;
  return { ...other, did: { event, firstTime: true, window } };
}
