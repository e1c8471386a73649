/** Definitions as one sentence, as it follows "Users who". */
import { type SegmentCondition, type SegmentDefinition } from '../query/types.gen';

import { type Node, toNode } from './tree';
import { groupWords, type Known, rowWords, textOf } from './words';

export function definitionText({ where }: SegmentDefinition, known: Known): string {
  return nodeText(
    toNode(where, () => ''),
    known
  );
}

function nodeText(node: Node, known: Known): string {
  if (node.kind !== 'group') {
    return textOf(rowWords(node, known));
  }
  const words = groupWords(node);
  const parts = node.nodes.map((one) => {
    const text = nodeText(one, known);
    const isLong = one.kind === 'group' && one.nodes.length > 1 && groupWords(one) !== 'none';
    return isLong || (one.kind === 'through' && node.join === 'any') ? `(${text})` : text;
  });
  const text = parts.join(node.join === 'all' ? ' and ' : ' or ');
  return words === 'all' || words === 'any' ? text : `${words} of (${text})`;
}

/** The ids of the segments that a definition names. */
export const segmentsNamed = ({ where }: SegmentDefinition): string[] => namedIn(where);

function namedIn({ all = [], any = [], not, segment }: SegmentCondition): string[] {
  return [...(segment ? [segment] : []), ...[...all, ...any, ...(not ? [not] : [])].flatMap(namedIn)];
}
