import fc from 'fast-check';

import { type SegmentCondition, type SegmentDefinition } from '../query/types.gen';

import { definitions, unfinishedDefinitions } from './arbitrary';
import { begin, canUnwrap, type Edit, edit, type Editing, findNode } from './edit';
import { type Node, toDefinition } from './tree';
import { type Joined } from './words';

const A: SegmentCondition = { users: 'a' };
const B: SegmentCondition = { users: 'b' };
const C: SegmentCondition = { did: { event: 'c' } };
const JOINS: Joined[] = ['all', 'any', 'none', 'not all'];
const DID: SegmentCondition = { did: { event: '' } };

/** Edits of a condition; nodes are named by the condition that they hold. */
function edited(where: SegmentCondition, ...steps: Array<(at: (condition: SegmentCondition) => string) => Edit>) {
  return steps.reduce((editing, step) => edit(editing, step(finder(editing))), begin({ where }));
}

const finder = (editing: Editing) => (condition: SegmentCondition) => {
  const wanted = JSON.stringify(condition);
  return nodes(editing.draft.where).find((node) => JSON.stringify(toDefinition({ where: node }).where) === wanted)!.id;
};

const nodes = (node: Node): Node[] => (node.kind === 'group' ? [node, ...node.nodes.flatMap(nodes)] : [node]);
const whereOf = ({ draft }: Editing) => toDefinition(draft).where;

it('begins with nothing, and adds', () => {
  let editing = edit(begin(), { do: 'add', condition: DID });
  expect(whereOf(editing)).toEqual({ all: [{ did: { event: '' } }] });
  const [row] = nodes(editing.draft.where).slice(1);
  expect(editing.focus).toBe(row.id);
  editing = edit(editing, { do: 'add', condition: { any: [{ users: '' }] } });
  expect(whereOf(editing)).toEqual({ all: [{ did: { event: '' } }, { any: [{ users: '' }] }] });
});

it('adds beside a condition that stands alone, and beside a group that is negated', () => {
  const added = { did: { event: '' } };
  expect(whereOf(edited(A, () => ({ do: 'add', condition: DID })))).toEqual({ all: [A, added] });
  expect(whereOf(edited({ not: { any: [A] } }, () => ({ do: 'add', condition: DID })))).toEqual({
    all: [{ not: { any: [A] } }, added],
  });
  const nested = { all: [A, { not: { any: [B] } }] };
  expect(whereOf(edited(nested, (at) => ({ do: 'add', condition: DID, to: at({ not: { any: [B] } }) })))).toEqual({
    all: [A, { not: { any: [B, added] } }],
  });
});

it('wraps, joins, negates and unwraps', () => {
  const group = (at: (condition: SegmentCondition) => string) => at({ any: [B] });
  const wrapped = edited({ all: [A, B] }, (at) => ({ do: 'wrap', id: at(B), join: 'any' }));
  expect(whereOf(wrapped)).toEqual({ all: [A, { any: [B] }] });
  const negated = edit(wrapped, { do: 'join', id: group(finder(wrapped)), join: 'none' });
  expect(whereOf(negated)).toEqual({ all: [A, { not: { any: [B] } }] });
  const alone = edit(negated, { do: 'unwrap', id: finder(negated)({ not: { any: [B] } }) });
  expect(whereOf(alone)).toEqual({ all: [A, { not: B }] });
  const other = edited({ all: [A, { any: [B, C] }] }, (at) => ({ do: 'unwrap', id: at({ any: [B, C] }) }));
  expect(whereOf(other)).toEqual({ all: [A, { any: [B, C] }] });
  const joined = edited(
    { all: [A, { any: [B, C] }] },
    (at) => ({ do: 'join', id: at({ any: [B, C] }), join: 'all' }),
    (at) => ({ do: 'unwrap', id: at({ all: [B, C] }) })
  );
  expect(whereOf(joined)).toEqual({ all: [A, B, C] });
});

it('removes, with groups that are empty then, and gives the focus to a neighbour', () => {
  const one = edited({ all: [A, { any: [B] }, C] }, (at) => ({ do: 'remove', id: at(B) }));
  expect(whereOf(one)).toEqual({ all: [A, C] });
  expect(one.focus).toBe(finder(one)(C));
  const last = edited({ all: [A] }, (at) => ({ do: 'remove', id: at(A) }));
  expect(whereOf(last)).toEqual({ all: [] });
  expect(whereOf(edited(A, (at) => ({ do: 'remove', id: at(A) })))).toEqual({ all: [] });
});

it('duplicates behind itself', () => {
  const twice = edited({ all: [{ any: [A, B] }, C] }, (at) => ({ do: 'duplicate', id: at({ any: [A, B] }) }));
  expect(whereOf(twice)).toEqual({ all: [{ any: [A, B] }, { any: [A, B] }, C] });
});

it('moves past conditions, into groups and out of them', () => {
  const down = (at: (condition: SegmentCondition) => string): Edit => ({ do: 'down', id: at(A) });
  const seen: SegmentCondition[] = [];
  let editing = begin({ where: { all: [A, B, { any: [C] }] } });
  for (let i = 0; i < 5; i++) {
    editing = edit(editing, down(finder(editing)));
    seen.push(whereOf(editing));
  }
  expect(seen).toEqual([
    { all: [B, A, { any: [C] }] },
    { all: [B, { any: [A, C] }] },
    { all: [B, { any: [C, A] }] },
    { all: [B, { any: [C] }, A] },
    { all: [B, { any: [C] }, A] },
  ]);
});

it('joins otherwise in one step', () => {
  const said = [{ all: [A, B] }, { any: [A, B] }, { not: { any: [A, B] } }, { not: { all: [A, B] } }];
  for (const before of said) {
    for (const [i, join] of JOINS.entries()) {
      const editing = edited(before, (at) => ({ do: 'join', id: at(before), join }));
      expect(whereOf(editing)).toEqual(said[i]);
      expect(whereOf(edit(editing, { do: 'undo' }))).toEqual(before);
    }
  }
});

it('adds several conditions without a group where they are joined as the others are', () => {
  const both = { all: [B, C] };
  expect(whereOf(edited({ all: [A] }, () => ({ do: 'add', condition: both })))).toEqual({ all: [A, B, C] });
  expect(whereOf(edited({ any: [A] }, () => ({ do: 'add', condition: both })))).toEqual({ any: [A, both] });
});

it('does not take who never came through out of a group that is negated', () => {
  const through = [{ did: { event: 'c' } }, { not: { sequence: { steps: [{ event: 'c' }, { event: 'd' }] } } }];
  const { draft } = begin({ where: { any: [A, { not: { all: through } }, { all: [{ all: through }] }] } });
  const groups = nodes(draft.where).filter(({ kind }) => kind === 'group');
  expect(groups.map(({ id }) => canUnwrap(draft.where, id))).toEqual([false, false, true, true]);
});

const THROUGH: SegmentCondition = {
  all: [C, { not: { sequence: { steps: [{ event: 'c' }, { event: 'd' }], scope: 'user' } } }],
};
const PLAIN = ['remove', 'duplicate', 'unwrap', 'up', 'down'] as const;

/** An edit of one of a draft's nodes, which two numbers choose. */
function someEdit({ draft }: Editing, [which, how]: [number, number]): Edit {
  const all = nodes(draft.where);
  const { id } = all[which % all.length];
  const join = JOINS[how % 4];
  const edits: Edit[] = [
    ...PLAIN.map((what) => ({ do: what, id })),
    ...[A, { users: 'plan:' }, { any: [B, C] }, THROUGH].map((condition) => ({
      do: 'add' as const,
      condition,
      to: id,
    })),
    { do: 'join', id, join },
    { do: 'wrap', id, join: how % 2 ? 'all' : 'any' },
  ];
  return edits[how % edits.length];
}

/** A draft and what some edits made of it. */
const choices = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { maxLength: 8 });
const histories = fc
  .tuple(unfinishedDefinitions, choices)
  .map(([definition, chosen]) =>
    chosen.reduce(
      (states, choice) => [...states, edit(states.at(-1)!, someEdit(states.at(-1)!, choice))],
      [begin(definition)]
    )
  );

it('keeps ids apart, and the focus on a node that is there', () => {
  fc.assert(
    fc.property(histories, (states) => {
      for (const { draft, focus } of states) {
        const all = nodes(draft.where).map(({ id }) => id);
        expect(new Set(all).size).toBe(all.length);
        expect(focus === undefined || all.includes(focus)).toBe(true);
      }
    })
  );
});

it('makes definitions that are read as they were built', () => {
  const through = (node: Node) => nodes(node).filter(({ kind }) => kind === 'through').length;
  fc.assert(
    fc.property(histories, (states) => {
      for (const { draft } of states.filter(({ draft }) => nodes(draft.where).length > 1)) {
        const again = begin(toDefinition(draft)).draft;
        expect(toDefinition(again)).toEqual(toDefinition(draft));
        expect(through(again.where)).toBeGreaterThanOrEqual(through(draft.where));
      }
    })
  );
});

it('undoes and redoes step by step', () => {
  fc.assert(
    fc.property(histories, (states) => {
      const steps = states.filter((state, i) => i === 0 || state !== states[i - 1]);
      let editing = steps.at(-1)!;
      for (const { draft } of [...steps].reverse().slice(1)) {
        editing = edit(editing, { do: 'undo' });
        expect(editing.draft).toBe(draft);
      }
      expect(edit(editing, { do: 'undo' })).toBe(editing);
      for (const { draft } of steps.slice(1)) {
        editing = edit(editing, { do: 'redo' });
        expect(editing.draft).toBe(draft);
      }
    })
  );
});

/** Who matches, where a row holds for those whose letters have its text. */
function holds(node: Node, letters: string): boolean {
  const plain =
    node.kind === 'group'
      ? node.nodes[node.join === 'all' ? 'every' : 'some']((one) => holds(one, letters))
      : letters.includes(JSON.stringify(toDefinition({ where: { ...node, nots: 0 } }).where));
  return node.nots % 2 === 1 ? !plain : plain;
}

it('says the same after unwrapping', () => {
  fc.assert(
    fc.property(definitions, fc.infiniteStream(fc.boolean()), (definition: SegmentDefinition, coin) => {
      const editing = begin(definition);
      const rows = nodes(editing.draft.where).filter(({ kind }) => kind !== 'group');
      const letters = rows
        .filter(() => coin.next().value)
        .map((row) => JSON.stringify(toDefinition({ where: { ...row, nots: 0 } }).where))
        .join();
      for (const { id } of nodes(editing.draft.where).filter(({ id }) => canUnwrap(editing.draft.where, id))) {
        const after = edit(editing, { do: 'unwrap', id });
        expect(findNode(after.draft.where, id)).toBeUndefined();
        expect(holds(after.draft.where, letters)).toBe(holds(editing.draft.where, letters));
      }
    })
  );
});
