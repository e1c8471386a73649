/** Pathways as the data source answers them, and ways through them. */
import { type DataFrame } from '@grafana/data';

import { type PathwayKind, type PathwayStep } from '../../query/types.gen';

export interface Node {
  id: string;
  /** From 1, away from the anchor. */
  step: number;
  name: string;
  kind: PathwayKind;
  count: number;
  /** Of these, at the last step: those that go on beyond it. */
  continues: number;
  /** How many different ones (other) stands for; 0 elsewhere. */
  pages: number;
  actions: number;
}

/** In the order of time, whichever way paths are read. */
export interface Link {
  id: string;
  source: string;
  target: string;
  /** The one that is nearer to the anchor. */
  step: number;
  count: number;
  /** From the first event at the source to that at the target, in milliseconds. */
  time?: number;
}

export interface Graph {
  nodes: Node[];
  links: Link[];
  /** Paths that have a node, that lack the anchor, and that have no node at all. */
  counted: number;
  withoutAnchor: number;
  empty: number;
}

/** Reads the frames nodes and edges, of those compared with where that is meant; undefined where there are none. */
export function graphOf(frames: DataFrame[], compared = false): Graph | undefined {
  const frame = (of: string) => frames.find(({ name }) => name === (compared ? `compared ${of}` : of));
  const [nodes, edges] = [frame('nodes'), frame('edges')];
  if (!nodes || !edges) {
    return undefined;
  }
  const { counted = 0, withoutAnchor = 0, empty = 0 } = nodes.meta?.custom ?? {};
  return {
    nodes: rowsOf(nodes, (value) => ({
      ...{ id: value('id'), step: value('step'), name: value('name'), kind: value('kind') },
      ...{ count: value('value'), continues: value('continues') },
      ...{ pages: value('pages') ?? 0, actions: value('actions') ?? 0 },
    })),
    links: rowsOf(edges, (value) => ({
      ...{ id: value('id'), source: value('source'), target: value('target'), step: value('step') },
      ...{ count: value('value'), time: value('median_time') ?? undefined },
    })),
    ...{ counted, withoutAnchor, empty },
  };
}

function rowsOf<T>(frame: DataFrame, read: (value: (name: string) => any) => T): T[] {
  const columns = Object.fromEntries(frame.fields.map(({ name, values }) => [name, values]));
  return Array.from({ length: frame.length }, (_, row) => read((name) => columns[name]?.[row]));
}

export const isEnd = ({ kind }: Node) => kind === 'dropoff' || kind === 'entry';

interface Index {
  nodes: Map<string, Node>;
  links: Map<string, Link>;
}

/** Drawing looks up the ends of every link, of which there may be tens of thousands. */
const indexes = new WeakMap<Graph, Index>();

function indexOf(graph: Graph): Index {
  const index = indexes.get(graph) ?? { nodes: byId(graph.nodes), links: byId(graph.links) };
  indexes.set(graph, index);
  return index;
}

export const byId = <T extends { id: string }>(list: T[]) => new Map(list.map((one) => [one.id, one]));

/** The node or link of an id. */
export function find(graph: Graph, id: string): { node?: Node; link?: Link } {
  const { nodes, links } = indexOf(graph);
  return { node: nodes.get(id), link: links.get(id) };
}

/** What selects the sessions that are counted in a node or link, without the options. */
export function stepOf(graph: Graph, id: string): Omit<PathwayStep, 'options'> | undefined {
  const { node, link } = find(graph, id);
  if (node) {
    return { node: { step: node.step, name: node.name, kind: node.kind } };
  }
  const from = link && find(graph, link.source).node;
  const to = link && find(graph, link.target).node;
  if (!from || !to) {
    return undefined;
  }
  return { link: { step: link.step, from: from.name, fromKind: from.kind, to: to.name, toKind: to.kind } };
}

const largest = (links: Link[]) =>
  links.reduce<Link | undefined>((a, b) => (a && a.count >= b.count ? a : b), undefined);

/**
 * Where an arrow leads: from a node up and down in its column, left and right to its largest link; from a link up and down
 * among those of the same source, left and right to its ends. Columns have the ids of their nodes. Undefined where it leads
 * nowhere.
 */
export function moveTo(graph: Graph, columns: string[][], at: string, key: string): string | undefined {
  const { node, link } = find(graph, at);
  const step = { ArrowUp: -1, ArrowDown: 1 }[key];
  if (link) {
    const siblings = graph.links.filter(({ source }) => source === link.source).map(({ id }) => id);
    return step ? siblings[siblings.indexOf(at) + step] : { ArrowLeft: link.source, ArrowRight: link.target }[key];
  }
  if (!node) {
    return undefined;
  }
  if (step) {
    const column = columns.find((ids) => ids.includes(at)) ?? [];
    return column[column.indexOf(at) + step];
  }
  if (key === 'Home') {
    return columns[0]?.[0];
  }
  const links = graph.links.filter(({ source, target }) => (key === 'ArrowRight' ? source : target) === at);
  return key === 'ArrowRight' || key === 'ArrowLeft' ? largest(links)?.id : undefined;
}

/** The ids of all that paths through a node or link go through, before and after it. */
export function waysThrough(graph: Graph, id: string): Set<string> {
  const { link } = find(graph, id);
  const follow = (nodes: string[], from: 'source' | 'target', to: 'source' | 'target'): string[] => {
    const here = new Set(nodes);
    const links = graph.links.filter((one) => here.has(one[from]));
    const next = [...new Set(links.map((one) => one[to]))];
    return links.length > 0 ? [...nodes, ...links.map((one) => one.id), ...follow(next, from, to)] : nodes;
  };
  const after = follow([link ? link.target : id], 'source', 'target');
  const before = follow([link ? link.source : id], 'target', 'source');
  return new Set([id, ...after, ...before]);
}

/** What all pages begin with, up to a slash: "https://shop.example"; '' where that says nothing. */
export function commonPrefix(graph: Graph): string {
  const pages = graph.nodes.filter(({ kind }) => kind === 'page').map(({ name }) => name);
  if (new Set(pages).size < 2) {
    return '';
  }
  const [first] = pages;
  let length = first.length;
  for (const page of pages) {
    while (!page.startsWith(first.slice(0, length))) {
      length--;
    }
  }
  const prefix = first.slice(0, length);
  return prefix.slice(0, Math.max(prefix.lastIndexOf('/'), 0));
}
