/**
 * A segment's definition while it is built: the same conditions as a tree whose nodes have ids, so that each can be edited,
 * moved and taken away. What a condition says is kept as the definition says it, so that nothing is lost on the way.
 */
import {
  type SegmentCondition,
  type SegmentDefinition,
  type SegmentDid,
  type SegmentSequence,
  type SegmentStep,
} from '../query/types.gen';

interface Common {
  id: string;
  /** How often it is negated: once for most that are, but a definition may say it more than once. */
  nots: number;
}

export interface Group extends Common {
  kind: 'group';
  join: 'all' | 'any';
  nodes: Node[];
}

export interface UsersRow extends Common {
  kind: 'users';
  filter: string;
}

export interface DidRow extends Common {
  kind: 'did';
  did: SegmentDid;
}

export interface SequenceRow extends Common {
  kind: 'sequence';
  sequence: SegmentSequence;
}

export interface SegmentRow extends Common {
  kind: 'segment';
  segment: string;
}

export interface TableRow extends Common {
  kind: 'table';
  table: string;
}

export type Row = UsersRow | DidRow | SequenceRow | SegmentRow | TableRow;
export type RowKind = Row['kind'];
export type Node = Group | Row;

/** A definition as it is built. */
export interface Draft extends Omit<SegmentDefinition, 'where'> {
  where: Node;
}

/** Gives every node its own id. */
export type NewId = () => string;

export function toNode(condition: SegmentCondition, newId: NewId): Node {
  const { all, any, not, users, did, sequence, segment, table } = condition;
  if (not) {
    const node = toNode(not, newId);
    return { ...node, nots: node.nots + 1 };
  }
  const common = { id: newId(), nots: 0 };
  if (all || any) {
    const nodes = (all ?? any)!.map((one) => toNode(one, newId));
    return { ...common, kind: 'group', join: all ? 'all' : 'any', nodes };
  }
  if (did) {
    return { ...common, kind: 'did', did };
  }
  if (sequence) {
    return { ...common, kind: 'sequence', sequence };
  }
  if (segment !== undefined) {
    return { ...common, kind: 'segment', segment };
  }
  if (table !== undefined) {
    return { ...common, kind: 'table', table };
  }
  return { ...common, kind: 'users', filter: users ?? '' };
}

export function toCondition(node: Node): SegmentCondition {
  let condition = plainCondition(node);
  for (let i = 0; i < node.nots; i++) {
    condition = { not: condition };
  }
  return condition;
}

function plainCondition(node: Node): SegmentCondition {
  switch (node.kind) {
    case 'group':
      return { [node.join]: node.nodes.map(toCondition) };
    case 'users':
      return { users: node.filter };
    case 'did':
      return { did: node.did };
    case 'sequence':
      return { sequence: node.sequence };
    case 'segment':
      return { segment: node.segment };
    case 'table':
      return { table: node.table };
  }
}

export function toDraft({ where, ...rest }: SegmentDefinition, newId: NewId): Draft {
  return { ...rest, where: toNode(where, newId) };
}

export function toDefinition({ where, ...rest }: Draft): SegmentDefinition {
  return { ...rest, where: toCondition(where) };
}

/** A condition that says nothing yet. */
export function emptyRow(kind: RowKind, id: string): Row {
  const common = { id, nots: 0 };
  switch (kind) {
    case 'users':
      return { ...common, kind, filter: '' };
    case 'did':
      return { ...common, kind, did: { event: '' } };
    case 'sequence':
      return { ...common, kind, sequence: { steps: [{ event: '' }, { event: '' }] } };
    case 'segment':
      return { ...common, kind, segment: '' };
    case 'table':
      return { ...common, kind, table: '' };
  }
}

/** The row as one of another kind, with what of it fits there. */
export function asKind(row: Row, kind: RowKind): Row {
  const { id, nots } = row;
  const common = { id, nots };
  if (row.kind === 'did' && kind === 'sequence') {
    const { event, window } = row.did;
    return { ...common, kind, sequence: { steps: [{ event }, { event: '' }], ...(window && { window }) } };
  }
  if (row.kind === 'sequence' && kind === 'did') {
    const { steps, window } = row.sequence;
    return { ...common, kind, did: { event: eventOf(steps[0]), ...(window && { window }) } };
  }
  return row.kind === kind ? row : { ...emptyRow(kind, id), nots };
}

export const eventOf = ({ event, not }: SegmentStep) => event ?? not ?? '';

/** Whether something is still to be said, so that the row counts for nothing. */
export function isUnfinished(node: Node): boolean {
  switch (node.kind) {
    case 'group':
      return node.nodes.every(isUnfinished);
    case 'users':
      return !node.filter.trim();
    case 'did':
      return !node.did.event.trim();
    case 'sequence':
      return node.sequence.steps.some((step) => !eventOf(step).trim());
    case 'segment':
      return !node.segment;
    case 'table':
      return !node.table;
  }
}

/** Whether there is such a condition, at any depth. */
export const hasKind = (node: Node, kind: RowKind): boolean =>
  node.kind === 'group' ? node.nodes.some((one) => hasKind(one, kind)) : node.kind === kind;

export const countUnfinished = (node: Node): number =>
  node.kind === 'group' ? node.nodes.reduce((sum, one) => sum + countUnfinished(one), 0) : Number(isUnfinished(node));

/** The definition without what is not finished, undefined where nothing is; and which node stands at which of its paths. */
export function finishedPart({ where, ...rest }: Draft): { definition?: SegmentDefinition; ids: Map<string, string> } {
  const ids = new Map<string, string>();
  const finished = prune(where);
  if (!finished) {
    return { ids };
  }
  note(finished, 'where', ids);
  return { definition: { ...rest, where: toCondition(finished) }, ids };
}

function prune(node: Node): Node | undefined {
  if (isUnfinished(node)) {
    return undefined;
  }
  return node.kind === 'group' ? { ...node, nodes: node.nodes.flatMap((one) => prune(one) ?? []) } : node;
}

function note(node: Node, path: string, ids: Map<string, string>) {
  ids.set(path, node.id);
  const inner = path + '.not'.repeat(node.nots);
  ids.set(inner, node.id);
  if (node.kind === 'group') {
    node.nodes.forEach((one, i) => note(one, `${inner}.${node.join}[${i}]`, ids));
  }
}

/** The node that what stands at a path of the definition belongs to, such as that of where.all[1].did.event. */
export function idAt(ids: Map<string, string>, path: string): string | undefined {
  for (let at = path.replace(/^definition\./, ''); at; at = at.replace(/(\.[^.[]*|\[\d*\]?|[^.[]+)$/, '')) {
    const id = ids.get(at);
    if (id) {
      return id;
    }
  }
  return undefined;
}
