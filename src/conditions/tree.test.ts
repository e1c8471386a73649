import fc from 'fast-check';

import { begunDefinitions, definitions, unfinishedDefinitions } from './arbitrary';
import { begin } from './edit';
import {
  asKind,
  countUnfinished,
  emptyRow,
  finishedPart,
  idAt,
  type Node,
  type RowKind,
  toDefinition,
  toDraft,
} from './tree';

const ids = () => {
  let n = 0;
  return () => `n${++n}`;
};

it('gives every definition back as it was, finished or not, also as a text that was kept', () => {
  fc.assert(
    fc.property(unfinishedDefinitions, (definition) => {
      const draft = toDraft(definition, ids());
      expect(toDefinition(draft)).toEqual(definition);
      const kept = JSON.parse(JSON.stringify(toDefinition(draft)));
      expect(countUnfinished(toDraft(kept, ids()).where)).toBe(countUnfinished(draft.where));
    })
  );
});

it('has of a definition what is finished, and nothing else', () => {
  fc.assert(
    fc.property(unfinishedDefinitions, (definition) => {
      const draft = toDraft(definition, ids());
      const finished = finishedPart(draft).definition;
      const rows = (node: Node) => nodes(node).filter(({ kind }) => kind !== 'group').length;
      const left = finished ? toDraft(finished, ids()).where : undefined;
      expect(left ? countUnfinished(left) : 0).toBe(0);
      expect(left ? rows(left) : 0).toBe(rows(draft.where) - countUnfinished(draft.where));
    })
  );
  fc.assert(
    fc.property(begunDefinitions, (definition) => {
      expect(finishedPart(toDraft(definition, ids())).definition).toBeUndefined();
    })
  );
});

it('has all of a definition that is finished, and finds the node of each of its paths', () => {
  fc.assert(
    fc.property(definitions, (definition) => {
      const draft = toDraft(definition, ids());
      const { definition: finished, ids: at } = finishedPart(draft);
      expect(finished).toEqual(definition);
      expect(new Set(at.values()).size).toBe(nodes(draft.where).length);
    })
  );
});

const nodes = (node: Node): Node[] => (node.kind === 'group' ? [node, ...node.nodes.flatMap(nodes)] : [node]);

it('leaves out what is not finished', () => {
  const draft = toDraft(
    { where: { all: [{ users: ' ' }, { any: [{ segment: '' }] }, { not: { did: { event: 'page:/a' } } }] } },
    ids()
  );
  const { definition, ids: at } = finishedPart(draft);
  expect(definition).toEqual({ where: { all: [{ not: { did: { event: 'page:/a' } } }] } });
  expect(countUnfinished(draft.where)).toBe(2);
  const [, , did] = (draft.where as Extract<Node, { kind: 'group' }>).nodes;
  expect(idAt(at, 'definition.where.all[0].not.did.event')).toBe(did.id);
  expect(idAt(at, 'where.all[0]')).toBe(did.id);
  expect(idAt(at, 'where.all')).toBe(draft.where.id);
  expect(idAt(at, 'identity')).toBeUndefined();
});

it('is no definition as long as nothing is finished', () => {
  expect(finishedPart(begin().draft).definition).toBeUndefined();
  expect(finishedPart({ where: emptyRow('sequence', 'a') }).definition).toBeUndefined();
});

it('keeps of a row what fits another kind', () => {
  const did = {
    id: 'a',
    nots: 1,
    kind: 'did' as const,
    did: { event: 'page:/cart', atLeast: 2, window: { last: '7d' } },
  };
  const sequence = asKind(did, 'sequence');
  expect(sequence).toEqual({
    ...{ id: 'a', nots: 1, kind: 'sequence' },
    sequence: { steps: [{ event: 'page:/cart' }, { event: '' }], window: { last: '7d' } },
  });
  expect(asKind(sequence, 'did')).toEqual({ ...did, did: { event: 'page:/cart', window: { last: '7d' } } });
  for (const kind of ['users', 'segment', 'table'] as RowKind[]) {
    expect(asKind(did, kind)).toEqual({ ...emptyRow(kind, 'a'), nots: 1 });
  }
  expect(asKind(did, 'did')).toBe(did);
});
