/** Who is left by all that must hold besides one condition: whose values are offered for it first. */
import { type SegmentDefinition } from '../query/types.gen';

import { findNode } from './edit';
import { type Draft, finishedPart, type Node } from './tree';

/**
 * The definition of what must hold besides a node, and of `among`; undefined where nothing does. What stands in a group of
 * which any may hold, or in one that is negated, need not.
 */
export function besides(
  { where, ...settings }: Draft,
  id: string,
  among?: SegmentDefinition
): SegmentDefinition | undefined {
  const group: Node = { id: '', kind: 'group', join: 'all', nots: 0, nodes: mustHold(where, id) };
  const { definition } = finishedPart({ ...settings, where: group });
  const all = [...(among ? [among.where] : []), ...(definition?.where.all ?? [])];
  return all.length > 0 ? { ...among, ...settings, where: all.length === 1 ? all[0] : { all } } : undefined;
}

function mustHold(node: Node, id: string): Node[] {
  if (node.kind !== 'group' || node.id === id || node.nots > 0) {
    return [];
  }
  const inner = node.nodes.find((one) => findNode(one, id));
  if (!inner) {
    return [];
  }
  const others = node.join === 'all' ? node.nodes.filter((one) => one !== inner) : [];
  return [...others, ...mustHold(inner, id)];
}
