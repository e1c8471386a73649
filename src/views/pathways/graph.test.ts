import fc from 'fast-check';

import { commonPrefix, type Graph, graphOf, moveTo, type Node, stepOf, waysThrough } from './graph';
import { layOut } from './layout';

/** 10 begin, 6 at /, 4 at /cart; of those at /, 4 go to /cart and 2 leave; of those at /cart, 3 go to / and 1 leaves. */
const GRAPH: Graph = {
  nodes: [
    node(1, 'page', '/', 6),
    node(1, 'page', '/cart', 4),
    node(2, 'page', '/cart', 4),
    node(2, 'page', '/', 3),
    node(2, 'dropoff', '(dropoff)', 3),
  ],
  links: [
    link('1:page:/', '2:page:/cart', 4),
    link('1:page:/', '2:dropoff:(dropoff)', 2),
    link('1:page:/cart', '2:page:/', 3),
    link('1:page:/cart', '2:dropoff:(dropoff)', 1),
  ],
  ...{ counted: 10, withoutAnchor: 0, empty: 0 },
};

function node(step: number, kind: Node['kind'], name: string, count: number): Node {
  return { id: `${step}:${kind}:${name}`, step, kind, name, count, continues: 0, pages: 0, actions: 0 };
}

function link(source: string, target: string, count: number) {
  return { id: `${source} -> ${target}`, source, target, step: 1, count };
}

const columns = [GRAPH.nodes.slice(0, 2), GRAPH.nodes.slice(2)].map((nodes) => nodes.map(({ id }) => id));

it('reads nothing where there are no frames', () => expect(graphOf([])).toBeUndefined());

it('reads either side of those that are compared', () => {
  const nodes = (name: string, counted: number) => ({ name, length: 0, fields: [], meta: { custom: { counted } } });
  const frames = [nodes('nodes', 3), nodes('edges', 3), nodes('compared nodes', 5), nodes('compared edges', 5)];
  expect([graphOf(frames)?.counted, graphOf(frames, true)?.counted]).toEqual([3, 5]);
  expect(graphOf(frames.slice(0, 2), true)).toBeUndefined();
});

it.each([
  ['1:page:/', 'ArrowDown', '1:page:/cart'],
  ['1:page:/', 'ArrowUp', undefined],
  ['1:page:/', 'ArrowLeft', undefined],
  ['1:page:/', 'ArrowRight', '1:page:/ -> 2:page:/cart'],
  ['1:page:/ -> 2:page:/cart', 'ArrowDown', '1:page:/ -> 2:dropoff:(dropoff)'],
  ['1:page:/ -> 2:page:/cart', 'ArrowRight', '2:page:/cart'],
  ['1:page:/ -> 2:page:/cart', 'ArrowLeft', '1:page:/'],
  ['2:dropoff:(dropoff)', 'ArrowLeft', '1:page:/ -> 2:dropoff:(dropoff)'],
  ['2:page:/', 'Home', '1:page:/'],
  ['2:page:/', 'x', undefined],
  ['gone', 'ArrowDown', undefined],
])('from %s %s leads to %s', (at, key, to) => expect(moveTo(GRAPH, columns, at, key)).toBe(to));

it('names what a node or link selects', () => {
  expect(stepOf(GRAPH, '2:page:/cart')).toEqual({ node: { step: 2, name: '/cart', kind: 'page' } });
  expect(stepOf(GRAPH, '1:page:/ -> 2:dropoff:(dropoff)')).toEqual({
    link: { step: 1, from: '/', fromKind: 'page', to: '(dropoff)', toKind: 'dropoff' },
  });
  expect(stepOf(GRAPH, 'gone')).toBeUndefined();
});

it('follows the ways through a node to both sides', () => {
  expect([...waysThrough(GRAPH, '2:page:/cart')].sort()).toEqual(
    ['1:page:/', '1:page:/ -> 2:page:/cart', '2:page:/cart'].sort()
  );
});

it.each([
  [['/shop/a', '/shop/b'], '/shop'],
  [['/shop/a', '/shopping'], ''],
  [['/shop/a'], ''],
  [['https://x.example/', 'https://x.example/cart'], 'https://x.example'],
  [['/', '/cart'], ''],
])('of %p the beginning is %p', (pages, prefix) => {
  const nodes = pages.map((name) => node(1, 'page', name, 1));
  expect(commonPrefix({ ...GRAPH, nodes })).toBe(prefix);
});

describe('the layout', () => {
  const counts = fc.array(fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 12 }), {
    minLength: 1,
    maxLength: 8,
  });
  const graphs = counts.map((steps): Graph => {
    const nodes = steps.flatMap((list, i) =>
      list.map((count, n) => node(i + 1, n ? 'page' : 'dropoff', `${n}`, count))
    );
    const links = nodes.flatMap((from) =>
      nodes.filter(({ step }) => step === from.step + 1).map((to) => link(from.id, to.id, 1))
    );
    return { nodes, links, counted: 1, withoutAnchor: 0, empty: 0 };
  });

  it('overlaps no texts, keeps the order, and draws every link', () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), fc.integer({ min: 0, max: 3000 }), (graph, backward, width) => {
        const { columns, ribbons, ...size } = layOut(graph, 5, backward, width);
        for (const column of columns) {
          column.slice(1).forEach(({ y }, i) => {
            expect(y - column[i].y).toBeGreaterThanOrEqual(Math.max(column[i].height, 36));
          });
          const kinds = column.map(({ node }) => node.kind);
          expect(kinds.indexOf('page')).toBeLessThanOrEqual(Math.max(kinds.indexOf('dropoff'), 0));
          const bottom = column[column.length - 1];
          expect(size.height).toBeGreaterThanOrEqual(bottom ? bottom.y + bottom.height : 0);
        }
        expect(columns.flat()).toHaveLength(graph.nodes.length);
        expect(ribbons).toHaveLength(graph.links.length);
        expect(ribbons.filter(({ path }) => path.includes('NaN'))).toEqual([]);
        expect(size.width).toBeGreaterThanOrEqual(columns.length * 110);
      })
    );
  });

  it('has each node at the same place on both sides that are compared', () => {
    const places = (graph: Graph, beside: Graph) =>
      layOut(graph, 5, false, 800, beside).columns.map((column) => column.map(({ node, x, y }) => [node.id, x, y]));
    const others = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(graphs, others, (graph, counts) => {
        const nodes = graph.nodes.map((one, i) => ({ ...one, count: counts[i] }));
        const beside = { ...graph, nodes };
        expect(places(graph, beside)).toEqual(places(beside, graph));
        for (const [one, other] of [
          [graph, beside],
          [beside, graph],
        ]) {
          for (const column of layOut(one, 5, false, 800, other).columns) {
            column.slice(1).forEach(({ y }, i) => {
              expect(y - column[i].y).toBeGreaterThanOrEqual(Math.max(column[i].height, 52));
            });
          }
        }
      })
    );
  });

  it('goes from right to left where paths are read backward', () => {
    const { columns } = layOut(GRAPH, 2, true, 800);
    expect(columns.map((column) => column[0].node.step)).toEqual([2, 1]);
  });
});
