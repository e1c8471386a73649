import { type SegmentCondition, type SegmentSequence } from '../query/types.gen';

import { readThrough, writeThrough } from './through';
import { finishedPart, idAt, toDraft } from './tree';

const CART = 'type:view page:/cart';
const PAID = 'type:view page:/paid';
const sequence: SegmentSequence = {
  ...{ steps: [{ event: CART }, { event: PAID }], scope: 'user', within: '1d', window: { last: '7d' } },
};
const did = { event: CART, window: { last: '7d' } };
const pair: SegmentCondition[] = [{ did }, { not: { sequence } }];
const brazil = { users: 'last_country:BR' };
const draftOf = (where: SegmentCondition) => {
  let n = 0;
  return toDraft({ where }, () => `n${++n}`);
};
const kinds = (where: SegmentCondition) => {
  const node = draftOf(where).where;
  return node.kind === 'group' ? [node.join, ...node.nodes.map(({ kind }) => kind)] : [node.kind];
};

it('is two conditions of a definition', () => {
  expect(writeThrough(sequence)).toEqual(pair);
  expect(readThrough({ did: { window: { last: '7d' }, event: CART } }, pair[1])).toBe(sequence);
});

it('is one row, wherever it stands', () => {
  expect(kinds({ all: pair })).toEqual(['all', 'through']);
  expect(kinds({ all: [brazil, ...pair, brazil] })).toEqual(['all', 'users', 'through', 'users']);
  expect(kinds({ any: [brazil, { all: pair }] })).toEqual(['any', 'users', 'through']);
  expect(kinds({ any: pair })).toEqual(['any', 'did', 'sequence']);
  expect(kinds({ all: [pair[1], pair[0]] })).toEqual(['all', 'sequence', 'did']);
});

it.each<[string, SegmentCondition, SegmentCondition]>([
  ['another time', { did: { event: CART, window: { last: '30d' } } }, pair[1]],
  ['no time', { did: { event: CART } }, pair[1]],
  ['how often', { did: { ...did, atLeast: 2 } }, pair[1]],
  ['another beginning', { did: { ...did, event: PAID } }, pair[1]],
  ['who came through', { did }, { sequence }],
  ['what is denied twice', { did }, { not: { not: { sequence } } }],
  ['a third step', { did }, { not: { sequence: { ...sequence, steps: [...sequence.steps, { event: CART }] } } }],
  ['a step that never came', { did }, { not: { sequence: { ...sequence, steps: [{ event: CART }, { not: PAID }] } } }],
])('is not %s', (_, first, second) => expect(kinds({ all: [first, second] })).toHaveLength(3));

it('has the counts and problems of both conditions, and what stands behind it its own', () => {
  const draft = draftOf({ all: [...pair, brazil] });
  const { ids } = finishedPart(draft);
  const at = (path: string) => idAt(ids, path);
  const [through, users] = draft.where.kind === 'group' ? draft.where.nodes : [];
  expect(['where.all[0].did.event', 'where.all[1].not.sequence.steps[1]'].map(at)).toEqual([through.id, through.id]);
  expect(at('where.all[2].users')).toBe(users.id);
});
