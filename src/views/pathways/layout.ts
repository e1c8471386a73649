/** Where nodes and links are drawn. Steps are columns from left to right in the order of time; the order of rows is the answer's. */
import { byId, type Graph, isEnd, type Link, type Node } from './graph';

export interface Placed {
  node: Node;
  /** In pixels; the bar's. */
  x: number;
  y: number;
  height: number;
}

export interface Ribbon {
  link: Link;
  path: string;
}

export interface Layout {
  /** From left to right, each from top to bottom. */
  columns: Placed[][];
  ribbons: Ribbon[];
  /** From one column's bars to the next one's. */
  pitch: number;
  width: number;
  height: number;
}

export const BAR = 10;
/** A column that is less wide cannot be read; where two graphs share a width, it is read less easily. */
const NARROWEST = 130;
const NARROWEST_BESIDE = 110;
/** As high as all of a column's bars together are. */
const BARS = 320;
/** A node is as high as its two lines of text, at least. */
export const LABEL = 36;
const GAP = 10;

/** A third line says how far a node is from the one beside. */
const DIFFERENCE = 16;

/**
 * Lays a graph of some steps out in a width. With `backward`, steps go from right to left. Of a graph that is shown beside,
 * which has the same nodes, each is at the same place.
 */
export function layOut(graph: Graph, steps: number, backward: boolean, available: number, beside?: Graph): Layout {
  const used = Math.max(steps, ...graph.nodes.map(({ step }) => step));
  const pitch = Math.max(Math.floor(available / used), beside ? NARROWEST_BESIDE : NARROWEST);
  const scale = scaleOf(graph);
  const [others, scaleBeside] = [beside && byId(beside.nodes), beside ? scaleOf(beside) : 0];
  const label = beside ? LABEL + DIFFERENCE : LABEL;
  const columns: Placed[][] = Array.from({ length: used }, () => []);
  const bottoms: number[] = columns.map(() => 0);
  // The end of paths stands last in its column.
  for (const node of [...graph.nodes.filter((one) => !isEnd(one)), ...graph.nodes.filter(isEnd)]) {
    const column = backward ? used - node.step : node.step - 1;
    const height = Math.max(node.count * scale, 2);
    columns[column].push({ node, x: column * pitch, y: bottoms[column], height });
    bottoms[column] += Math.max(height, (others?.get(node.id)?.count ?? 0) * scaleBeside, label) + GAP;
  }
  return {
    ...{ columns, pitch, width: pitch * used, height: Math.max(0, ...bottoms) },
    ribbons: ribbonsOf(graph.links, columns.flat(), scale),
  };
}

/** As high as all bars of a column are, whatever they count: of graphs beside each other, shares are as high. */
const scaleOf = (graph: Graph) => BARS / Math.max(1, ...totals(graph.nodes));

/** How many are in each step. */
function totals(nodes: Node[]): number[] {
  const sums = new Map<number, number>();
  for (const { step, count } of nodes) {
    sums.set(step, (sums.get(step) ?? 0) + count);
  }
  return [...sums.values()];
}

/** Links leave and reach a bar in the order of the bars at their other end, so that few of them cross. */
function ribbonsOf(links: Link[], placed: Placed[], scale: number): Ribbon[] {
  const of = new Map(placed.map((one, order) => [one.node.id, { ...one, order }]));
  const drawn = links.filter(({ source, target }) => of.has(source) && of.has(target));
  const starts = stacked(
    drawn,
    (link) => link.source,
    (link) => of.get(link.target)!.order,
    scale
  );
  const ends = stacked(
    drawn,
    (link) => link.target,
    (link) => of.get(link.source)!.order,
    scale
  );
  return drawn.map((link) => {
    const [from, to] = [of.get(link.source)!, of.get(link.target)!];
    const [y0, y1] = [from.y + starts.get(link.id)!, to.y + ends.get(link.id)!];
    return { link, path: ribbon(from.x + BAR, y0, to.x, y1, Math.max(link.count * scale, 1)) };
  });
}

/** How far below the upper edge of the bar at one of its ends each link begins. */
function stacked(
  links: Link[],
  at: (link: Link) => string,
  order: (link: Link) => number,
  scale: number
): Map<string, number> {
  const filled = new Map<string, number>();
  const offsets = new Map<string, number>();
  for (const link of [...links].sort((a, b) => order(a) - order(b))) {
    const offset = filled.get(at(link)) ?? 0;
    offsets.set(link.id, offset);
    filled.set(at(link), offset + link.count * scale);
  }
  return offsets;
}

/** The outline of a band between two bars. */
function ribbon(x0: number, y0: number, x1: number, y1: number, thick: number): string {
  const middle = (x0 + x1) / 2;
  const numbers = [x0, y0, middle, x1, y1, thick].map((n) => Math.round(n * 10) / 10);
  const [a, b, m, c, d, w] = numbers;
  return `M${a},${b}C${m},${b} ${m},${d} ${c},${d}v${w}C${m},${d + w} ${m},${b + w} ${a},${b + w}Z`;
}
