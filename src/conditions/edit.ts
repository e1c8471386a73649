/** What people do to a draft, without a page: each is a step that can be undone. */
import { type SegmentCondition, type SegmentDefinition } from '../query/types.gen';

import { type Draft, type Group, type NewId, type Node, type Row, toDraft, toNodeOf } from './tree';
import { type Joined } from './words';

export interface Editing {
  draft: Draft;
  past: Draft[];
  future: Draft[];
  /** Ids that were given. */
  given: number;
  /** The node that should have the focus next. */
  focus?: string;
}

/** A step that can be undone. */
export type Step =
  /** Into a group, or beside what stands there; at the top where nothing is named. */
  | { do: 'add'; condition: SegmentCondition; to?: string }
  | { do: 'change'; row: Row }
  | { do: 'join'; id: string; join: Joined }
  | { do: 'remove' | 'duplicate' | 'unwrap' | 'up' | 'down'; id: string }
  | { do: 'wrap'; id: string; join: Group['join'] }
  | { do: 'settings'; settings: Omit<SegmentDefinition, 'where'> }
  | { do: 'load'; definition: SegmentDefinition };

export type Edit = Step | { do: 'undo' } | { do: 'redo' };

/** How many steps can be undone. */
const KEPT = 200;

export function begin(definition?: SegmentDefinition): Editing {
  let given = 0;
  const newId = () => `n${++given}`;
  const nobody: Draft = { where: { id: newId(), kind: 'group', join: 'all', nots: 0, nodes: [] } };
  const draft = definition ? toDraft(definition, newId) : nobody;
  return { draft, past: [], future: [], given };
}

export function edit(before: Editing, what: Edit): Editing {
  const { draft, past, future } = before;
  if (what.do === 'undo') {
    return past.length === 0
      ? before
      : { ...before, draft: past.at(-1)!, past: past.slice(0, -1), future: [draft, ...future], focus: undefined };
  }
  if (what.do === 'redo') {
    return future.length === 0
      ? before
      : { ...before, draft: future[0], past: [...past, draft], future: future.slice(1), focus: undefined };
  }
  let { given } = before;
  const { draft: after, focus } = step(draft, what, () => `n${++given}`);
  return after === draft ? before : { draft: after, past: [...past, draft].slice(-KEPT), future: [], given, focus };
}

interface Stepped {
  draft: Draft;
  focus?: string;
}

function step(draft: Draft, what: Step, newId: NewId): Stepped {
  const { where } = draft;
  const put = (root: Node, focus?: string): Stepped => ({
    draft: root === where ? draft : { ...draft, where: root },
    focus,
  });
  const mapped = (id: string, change: (node: Node) => Node) => put(mapNode(where, id, change), id);
  switch (what.do) {
    case 'add': {
      const added = toNodeOf(what.condition, newId);
      return put(addTo(where, what.to ?? where.id, added, newId), firstRow(added).id);
    }
    case 'change':
      return mapped(what.row.id, () => what.row);
    case 'join':
      return mapped(what.id, (node) => (node.kind === 'group' ? joined(node, what.join) : node));
    case 'wrap':
      return mapped(what.id, (node) => groupOf(newId(), what.join, [node]));
    case 'unwrap': {
      const first = firstRow(findNode(where, what.id) ?? where);
      return put(unwrap(where, what.id), first.id);
    }
    case 'remove':
      return remove(where, what.id, newId, put);
    case 'duplicate': {
      const copy = findNode(where, what.id);
      return copy && where.id !== what.id ? put(...duplicate(where, copy, newId)) : { draft };
    }
    case 'up':
    case 'down':
      return put(move(where, what.id, what.do === 'up' ? -1 : 1), what.id);
    case 'settings':
      return { draft: { ...what.settings, where } };
    case 'load':
      return { draft: toDraft(what.definition, newId) };
  }
}

function joined(group: Group, as: Joined): Group {
  const isNot = as === 'none' || as === 'not all';
  const nots = (group.nots % 2 === 1) === isNot ? group.nots : Number(isNot);
  return { ...group, join: as === 'all' || as === 'not all' ? 'all' : 'any', nots };
}

const spliced = (nodes: Node[], at: number, taken: number, ...put: Node[]) => [
  ...nodes.slice(0, at),
  ...put,
  ...nodes.slice(at + taken),
];

const groupOf = (id: string, join: Group['join'], nodes: Node[]): Group => ({
  id,
  kind: 'group',
  nots: 0,
  join,
  nodes,
});

const firstRow = (node: Node): Node =>
  node.kind === 'group' && node.nodes.length > 0 ? firstRow(node.nodes[0]) : node;

export function findNode(node: Node, id: string): Node | undefined {
  if (node.id === id) {
    return node;
  }
  return node.kind === 'group'
    ? node.nodes.reduce<Node | undefined>((found, one) => found ?? findNode(one, id), undefined)
    : undefined;
}

/** The group that a node stands in, and its place there. */
function placeOf(root: Node, id: string): { group: Group; at: number } | undefined {
  if (root.kind !== 'group') {
    return undefined;
  }
  const at = root.nodes.findIndex((node) => node.id === id);
  return at >= 0
    ? { group: root, at }
    : root.nodes.reduce<ReturnType<typeof placeOf>>((found, node) => found ?? placeOf(node, id), undefined);
}

/** The tree with another node in a node's place; the same tree where it is not there. */
function mapNode(node: Node, id: string, change: (node: Node) => Node): Node {
  if (node.id === id) {
    return change(node);
  }
  if (node.kind !== 'group') {
    return node;
  }
  const nodes = node.nodes.map((one) => mapNode(one, id, change));
  return nodes.some((one, i) => one !== node.nodes[i]) ? { ...node, nodes } : node;
}

const withNodes = (root: Node, group: Group, nodes: Node[]) =>
  mapNode(root, group.id, (node) => ({ ...node, nodes }) as Group);

/**
 * What is added to a row, or to a group that is negated as a whole at the top, must hold beside it. Several conditions that
 * are joined as the group is need none of their own.
 */
function addTo(root: Node, to: string, added: Node, newId: NewId): Node {
  return mapNode(root, to, (node) => {
    if (node.kind !== 'group' || (node.nots > 0 && node === root)) {
      return groupOf(newId(), 'all', [node, added]);
    }
    const isSame = added.kind === 'group' && added.nots === 0 && added.join === node.join;
    return { ...node, nodes: [...node.nodes, ...(isSame ? added.nodes : [added])] };
  });
}

/** A group's conditions take its place, as far as this says the same: what is negated or joined otherwise stays. */
export function canUnwrap(root: Node, id: string): boolean {
  const node = findNode(root, id);
  if (node?.kind !== 'group' || node.nodes.length === 0) {
    return false;
  }
  const [only, another] = node.nodes;
  if (!another) {
    // Who never came through is not negated as one condition.
    return only.kind !== 'through' || node.nots === 0;
  }
  return node.nots === 0 && placeOf(root, id)?.group.join === node.join;
}

function unwrap(root: Node, id: string): Node {
  const group = findNode(root, id) as Group;
  if (!canUnwrap(root, id)) {
    return root;
  }
  const [only] = group.nodes;
  if (group.nodes.length === 1) {
    return mapNode(root, id, () => ({ ...only, nots: only.nots + group.nots }));
  }
  const { group: parent, at } = placeOf(root, id)!;
  return withNodes(root, parent, spliced(parent.nodes, at, 1, ...group.nodes));
}

/** Takes a node away, and groups that are empty then; the focus goes to the one behind it, else before it. */
function remove(root: Node, id: string, newId: NewId, put: (root: Node, focus?: string) => Stepped): Stepped {
  const place = placeOf(root, id);
  if (!place) {
    return root.id === id ? put(groupOf(newId(), 'all', [])) : put(root);
  }
  const { group, at } = place;
  if (group.nodes.length === 1 && group !== root) {
    return remove(root, group.id, newId, put);
  }
  const nodes = spliced(group.nodes, at, 1);
  return put(withNodes(root, group, nodes), (nodes[at] ?? nodes[at - 1] ?? group).id);
}

function duplicate(root: Node, node: Node, newId: NewId): [Node, string] {
  const renamed = (one: Node): Node =>
    one.kind === 'group' ? { ...one, id: newId(), nodes: one.nodes.map(renamed) } : { ...one, id: newId() };
  const copy = renamed(node);
  const { group, at } = placeOf(root, node.id)!;
  return [withNodes(root, group, spliced(group.nodes, at + 1, 0, copy)), copy.id];
}

/**
 * One place up or down, as the tree is read: past a condition, into a group, or out of one at its end. The only condition of
 * a group stays in it.
 */
function move(root: Node, id: string, by: -1 | 1): Node {
  const place = placeOf(root, id);
  if (!place) {
    return root;
  }
  const { group, at } = place;
  const node = group.nodes[at];
  const neighbour = group.nodes[at + by];
  if (neighbour?.kind === 'group') {
    const nodes = by > 0 ? [node, ...neighbour.nodes] : [...neighbour.nodes, node];
    const without = withNodes(root, group, spliced(group.nodes, at, 1));
    return withNodes(without, neighbour, nodes);
  }
  if (neighbour) {
    return withNodes(
      root,
      group,
      spliced(group.nodes, Math.min(at, at + by), 2, ...(by > 0 ? [neighbour, node] : [node, neighbour]))
    );
  }
  const outside = placeOf(root, group.id);
  if (!outside || group.nodes.length === 1) {
    return root;
  }
  const without = withNodes(root, group, spliced(group.nodes, at, 1));
  const parent = findNode(without, outside.group.id) as Group;
  return withNodes(without, parent, spliced(parent.nodes, outside.at + (by > 0 ? 1 : 0), 0, node));
}
