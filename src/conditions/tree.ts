/**
 * A segment's definition while it is built: the same conditions as a tree whose nodes have ids, so that each can be edited,
 * moved and taken away. What a condition says is kept as the definition says it, so that nothing is lost on the way.
 */
import {
  type SegmentCondition,
  type SegmentDefinition,
  type SegmentDid,
  type SegmentSequence,
} from '../query/types.gen';

import { eventOf, NAMED_BY, parseEvent } from './event';
import { missingOf } from './missing';
import { type Pair, readThrough, writeThrough } from './through';

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

/** Who did the first step and never the second one after it: two conditions of a definition that speak of one time. */
export interface ThroughRow extends Common {
  kind: 'through';
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

export type Row = UsersRow | DidRow | SequenceRow | ThroughRow | SegmentRow | TableRow;
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
    const nodes = all ? nodesOfAll(all, newId) : any!.map((one) => toNodeOf(one, newId));
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

/** Of what stands in a list: who never came through is one row there, where it is no group of its own. */
export function toNodeOf(condition: SegmentCondition, newId: NewId): Node {
  const sequence = condition.all?.length === 2 ? readThrough(...(condition.all as Pair)) : undefined;
  return sequence ? { id: newId(), nots: 0, kind: 'through', sequence } : toNode(condition, newId);
}

/** Two conditions in turn can be one row. */
function nodesOfAll([first, second, ...others]: SegmentCondition[], newId: NewId): Node[] {
  const sequence = second && readThrough(first, second);
  if (sequence) {
    return [{ id: newId(), nots: 0, kind: 'through', sequence }, ...nodesOfAll(others, newId)];
  }
  const rest = second ? nodesOfAll([second, ...others], newId) : [];
  return first ? [toNode(first, newId), ...rest] : rest;
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
      return { [node.join]: node.join === 'all' ? node.nodes.flatMap(inAll) : node.nodes.map(toCondition) };
    case 'users':
      return { users: node.filter };
    case 'did':
      return { did: node.did };
    case 'sequence':
      return { sequence: node.sequence };
    case 'through':
      return { all: writeThrough(node.sequence) };
    case 'segment':
      return { segment: node.segment };
    case 'table':
      return { table: node.table };
  }
}

const inAll = (node: Node): SegmentCondition[] => (isPair(node) ? writeThrough(node.sequence) : [toCondition(node)]);

/** Whether it is two conditions among those that must all hold. */
const isPair = (node: Node): node is ThroughRow => node.kind === 'through' && node.nots === 0;

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
    case 'through':
      return { ...common, kind, sequence: { steps: [{ event: '' }, { event: '' }], scope: 'user' } };
    case 'segment':
      return { ...common, kind, segment: '' };
    case 'table':
      return { ...common, kind, table: '' };
  }
}

/** The row as one of another kind, with what of it fits there. */
export function asKind(row: Row, kind: RowKind): Row {
  if (row.kind === kind) {
    return row;
  }
  const { id, nots } = row;
  const common = { id, nots };
  const sequence = asSequence(row);
  if (sequence && kind === 'did') {
    const { steps, window } = sequence;
    return { ...common, kind, did: { event: eventOf(steps[0]), ...(window && { window }) } };
  }
  if (sequence && kind === 'sequence') {
    return { ...common, kind, sequence };
  }
  if (sequence && kind === 'through') {
    const { pending, ...rest } = sequence;
    const steps = sequence.steps.slice(0, 2).map((step) => ({ event: eventOf(step) }));
    return { ...common, nots: 0, kind, sequence: { ...rest, steps, ...(row.kind === 'did' && { scope: 'user' }) } };
  }
  return { ...emptyRow(kind, id), nots: kind === 'through' ? 0 : nots };
}

/** What a row says as things one after the other, where it is about what users did. */
function asSequence(row: Row): SegmentSequence | undefined {
  switch (row.kind) {
    case 'did': {
      const { event, window } = row.did;
      return { steps: [{ event }, { event: '' }], ...(window && { window }) };
    }
    case 'sequence':
    case 'through':
      return row.sequence;
    default:
      return undefined;
  }
}

/** The pages, actions, errors and frustrations that a row is about. */
export function namesIn(row: Row): Array<{ attribute: string; value: string }> {
  const events = row.kind === 'did' ? [row.did.event] : (asSequence(row)?.steps.map(eventOf) ?? []);
  return events.flatMap((event) => {
    const { what, names } = parseEvent(event);
    return what === 'any' ? [] : names.map(({ value }) => ({ attribute: NAMED_BY[what], value }));
  });
}

/** Whether something is still to be said, so that the row counts for nothing. */
export const isUnfinished = (node: Node): boolean =>
  node.kind === 'group' ? node.nodes.every(isUnfinished) : Boolean(missingOf(node));

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
    let at = 0;
    for (const one of node.nodes) {
      note(one, `${inner}.${node.join}[${at++}]`, ids);
      if (node.join === 'all' && isPair(one)) {
        ids.set(`${inner}.all[${at++}]`, one.id);
      }
    }
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
