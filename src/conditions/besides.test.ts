import { type SegmentCondition, type SegmentDefinition } from '../query/types.gen';

import { besides } from './besides';
import { begin } from './edit';
import { type Node, toDefinition } from './tree';

const [A, B, C, D]: SegmentCondition[] = ['a', 'b', 'c', 'd'].map((users) => ({ users }));
const BEGUN = { users: 'plan:' };

/** What must hold besides the row of a condition. */
function restOf(wanted: SegmentCondition, where: SegmentCondition, among?: SegmentDefinition) {
  const { draft } = begin({ where, includeAnonymous: true });
  const nodes = (node: Node): Node[] => (node.kind === 'group' ? [node, ...node.nodes.flatMap(nodes)] : [node]);
  const said = JSON.stringify(wanted);
  const row = nodes(draft.where).find((node) => JSON.stringify(toDefinition({ where: node }).where) === said)!;
  return besides(draft, row.id, among)?.where;
}

it.each<[SegmentCondition, SegmentCondition | undefined]>([
  [{ all: [A, B, C] }, { all: [B, C] }],
  [{ all: [A, B, BEGUN] }, B],
  [{ all: [A, BEGUN] }, undefined],
  [A, undefined],
  [{ any: [A, B] }, undefined],
  [{ all: [{ any: [A, B] }, C] }, C],
  [{ any: [{ all: [A, B] }, C] }, B],
  [{ all: [{ not: { all: [A, B] } }, C] }, C],
  [{ all: [{ all: [A, B] }, { any: [C, D] }] }, { all: [{ any: [C, D] }, B] }],
])('of %j, these must hold besides the first', (where, rest) => expect(restOf(A, where)).toEqual(rest));

it('has what narrows the users otherwise, too, and counts anonymous ones where the definition does', () => {
  expect(restOf(A, { all: [A, B] }, { where: C })).toEqual({ all: [C, B] });
  expect(restOf(A, A, { where: C })).toEqual(C);
  const { draft } = begin({ where: A, includeAnonymous: true });
  expect(besides(draft, draft.where.id, { where: C })).toEqual({ where: C, includeAnonymous: true });
});
