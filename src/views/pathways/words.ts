/** How nodes and links are named and counted, for eyes and for ears. */
import { formatCount, formatDecimal, formatShare } from '../../components/numbers';
import { type PathwayAnchor, type PathwayUnit } from '../../query/types.gen';
import { t } from '../../text';

import { find, type Graph, isEnd, type Link, type Node } from './graph';

/** "1,234 sessions" */
export const countedText = (count: number, unit: PathwayUnit) =>
  count === 1 ? t(`pathways.counted.${unit}.one`) : t(`pathways.counted.${unit}`, { count: formatCount(count) });

/** A node's name for people. */
export function nameOf({ kind, name, pages, actions }: Node): string {
  switch (kind) {
    case 'other':
      return othersText(pages, actions);
    case 'dropoff':
      return t('pathways.dropoff');
    case 'entry':
      return t('pathways.entry');
    default:
      return name;
  }
}

/** "37 other pages" */
function othersText(pages: number, actions: number): string {
  const kind = actions === 0 ? 'pages' : pages === 0 ? 'actions' : 'both';
  const count = pages + actions;
  return count === 1 && kind !== 'both'
    ? t(`pathways.other.${kind}.one`)
    : t(`pathways.other.${kind}`, { count: formatCount(count) });
}

/** Whether paths are read from their end. */
export const isBackward = (anchor: PathwayAnchor) => anchor === 'before' || anchor === 'end';

/** What stands over a column: the steps of paths that are read backward are counted from their end. */
export function headOf(step: number, backward: boolean): string {
  if (backward) {
    return step === 1 ? t('pathways.end') : t('pathways.before', { steps: step - 1 });
  }
  return step === 1 ? t('pathways.start') : t('pathways.step', { step });
}

/** How many have a page at a step. */
export const onTheirWay = (graph: Graph, step: number) =>
  sum(graph.nodes.filter((node) => node.step === step && !isEnd(node)));

const sum = (nodes: Node[]) => nodes.reduce((total, { count }) => total + count, 0);

interface Said {
  unit: PathwayUnit;
  backward: boolean;
  /** What is compared with. */
  beside?: Graph;
}

export function nodeText(graph: Graph, node: Node, { unit, backward, beside }: Said): string {
  const where = headOf(node.step, backward);
  const parts = [
    `${nameOf(node)}, ${where}: ${countedText(node.count, unit)}`,
    t('pathways.ofAll', { share: formatShare(node.count, graph.counted) }),
    ...(node.step > 1
      ? [
          t('pathways.ofStep', {
            share: formatShare(node.count, onTheirWay(graph, node.step - 1)),
            step: headOf(node.step - 1, backward),
          }),
        ]
      : []),
    ...(node.continues > 0 ? [continuesText(node, backward)] : []),
    ...(beside ? [t('pathways.difference', { points: nodePoints(graph, node, beside) })] : []),
  ];
  return parts.join(', ');
}

/** How far a part of a whole is from another one of another, in points of a percentage: "+3.2", "-0.5", "±0". */
export function pointsText(part: number, whole: number, otherPart: number, otherWhole: number): string {
  const share = (part: number, whole: number) => (whole > 0 ? (part / whole) * 100 : 0);
  const points = formatDecimal(share(part, whole) - share(otherPart, otherWhole));
  return /^-?0$/.test(points) ? '±0' : points.startsWith('-') ? points : `+${points}`;
}

/** How far a node's share of all is from that of the same node beside. */
export const nodePoints = (graph: Graph, node: Node, beside: Graph) =>
  pointsText(node.count, graph.counted, find(beside, node.id).node?.count ?? 0, beside.counted);

/** How many go on beyond the last step that is shown. */
export const continuesText = ({ continues }: Node, backward: boolean) =>
  t(backward ? 'pathways.continuesBefore' : 'pathways.continues', { count: formatCount(continues) });

/** The ends of a link. */
export function endsOf(graph: Graph, { source, target }: Link): { from?: Node; to?: Node } {
  return { from: find(graph, source).node, to: find(graph, target).node };
}

export function linkText(graph: Graph, link: Link, unit: PathwayUnit): string {
  const { from, to } = endsOf(graph, link);
  const text = t('pathways.link', {
    ...{ from: from ? nameOf(from) : '', to: to ? nameOf(to) : '', counted: countedText(link.count, unit) },
    share: formatShare(link.count, from?.count ?? 0),
  });
  return link.time === undefined ? text : `${text}, ${t('pathways.time', { time: timeText(link.time) })}`;
}

/** A time between two pages: "2.5 s", "3 min". */
export function timeText(ms: number): string {
  const units: Array<[string, number]> = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['min', 60_000],
    ['s', 1000],
  ];
  const [name, length] = units.find(([, one]) => ms >= one) ?? ['ms', 1];
  return `${(ms / length).toLocaleString(undefined, { maximumFractionDigits: ms / length < 10 ? 1 : 0 })} ${name}`;
}

/** A text cut in its middle, where it is longer than so many letters. */
export function cut(text: string, most: number): string {
  const letters = [...text];
  if (letters.length <= most) {
    return text;
  }
  const end = Math.floor((most - 1) / 2);
  return `${letters.slice(0, most - 1 - end).join('')}…${letters.slice(letters.length - end).join('')}`;
}
