import { askAll, type Asked, columns, type Row } from '../ask';
import { expect, test } from '../fixtures';
import { addStore, removeStore } from '../stores';

const DATASOURCE = { type: 'footfall-analytics-datasource', uid: 'footfall-e2e-sample' };
const RESOURCES = `/api/datasources/uid/${DATASOURCE.uid}/resources`;
const HALF_YEAR = { from: String(Date.UTC(2024, 0, 1)), to: String(Date.UTC(2024, 6, 1)) };

/** The numbers are those that a plain script finds in the sample shop's file. */
test.describe('a sample shop, asked through the host', () => {
  const dsn = process.env.FOOTFALL_SAMPLE_DSN;
  test.skip(!dsn, 'NOT TESTED: the sample data is missing');

  test.beforeAll(({ api }) => addStore(api, DATASOURCE, 'Footfall, sample shop', dsn!));
  test.afterAll(({ api }) => removeStore(api, DATASOURCE));

  const ask = (api: Asked, queryType: string, options: object) =>
    askAll(api, { queryType, options, datasource: DATASOURCE, ...HALF_YEAR });
  const rows = async (api: Asked, queryType: string, options: object): Promise<Row[]> =>
    (await ask(api, queryType, options))[0];

  test('events per page and per device', async ({ api }) => {
    const pages = await rows(api, 'explorer', {
      format: 'table',
      facets: [{ attribute: 'page', limit: 5, other: true }],
    });
    expect(columns(pages, 'page', 'Events')).toEqual([
      ['product_view', 6851],
      ['catalog', 6521],
      ['search', 4011],
      ['home', 2762],
      ['filter_results', 2610],
      ['(other)', 31106 - 6851 - 6521 - 4011 - 2762 - 2610],
    ]);
    const devices = await rows(api, 'explorer', { format: 'table', facets: [{ attribute: 'device_type' }] });
    expect(columns(devices, 'device_type', 'Events')).toEqual([
      ['desktop', 16146],
      ['mobile', 11353],
      ['tablet', 3607],
    ]);
  });

  test('sessions and users with a cart, by each way of asking', async ({ api }) => {
    const measures = [{ measure: 'sessions' }, { measure: 'users' }];
    const [value] = await rows(api, 'explorer', { format: 'value', filter: 'page:cart', measures });
    expect(value).toMatchObject({ Sessions: 1022, Users: 489 });
    const listed = await rows(api, 'sessions', { filter: 'has(page:cart)', limit: 10_000 });
    expect(listed).toHaveLength(1022);
    const users = await rows(api, 'profiles', { filter: 'has(page:cart)', limit: 10_000 });
    expect(users).toHaveLength(489);
  });

  test('paths of three pages, and the sessions behind them', async ({ api }) => {
    const behind = async (step: number, from: string, to: string) =>
      (await rows(api, 'sessions', { pathway: { options: {}, link: { step, from, to } }, limit: 10_000 })).map((row) =>
        JSON.stringify([row.user_id, row.session_id, row.session_start])
      );
    const paths = async (first: string, second: string, third: string) => {
      const after = new Set(await behind(2, second, third));
      return (await behind(1, first, second)).filter((session) => after.has(session)).length;
    };
    expect(await paths('home', 'catalog', 'product_view')).toBe(94);
    expect(await paths('home', 'search', 'product_view')).toBe(70);
    expect(await paths('home', 'search', 'catalog')).toBe(65);
    expect(await behind(1, 'catalog', '(dropoff)')).toHaveLength(75);
    expect(await behind(1, 'search', '(dropoff)')).toHaveLength(72);
    expect(await behind(1, 'home', '(dropoff)')).toHaveLength(70);
  });

  test('the pathways, their drill-down and the explorer count the same', async ({ api }) => {
    const [nodes, edges] = await ask(api, 'pathways', { steps: 3 });
    const first = nodes.filter((node) => node.step === 1);
    expect(first.reduce((sum, node) => sum + Number(node.value), 0)).toBe(3605);
    const [cart] = await rows(api, 'explorer', { over: 'sessions', format: 'value', filter: 'page:cart' });
    const after = await ask(api, 'pathways', { anchor: 'after', page: 'cart', steps: 2 });
    const [start] = after[0].filter((node) => node.step === 1);
    expect(start.value).toBe(cart.Sessions);
    expect(edges.length).toBeGreaterThan(0);
    for (const node of nodes.filter(({ step, kind }) => step === 2 && kind === 'page')) {
      const drilled = await rows(api, 'sessions', {
        pathway: { options: { steps: 3 }, node: { step: 2, name: node.name, kind: 'page' } },
        limit: 10_000,
      });
      expect(drilled.length, String(node.name)).toBe(node.value);
    }
  });

  test('users of sequences, as segments', async ({ api }) => {
    const steps = (second: object) => [{ event: 'page:cart' }, second];
    const sequence = (scope: string, second: object) => ({ sequence: { scope, steps: steps(second) } });
    const bought = { event: 'page:purchase' };
    const left = { not: 'page:purchase' };
    const wanted: Array<[object, number]> = [
      [{ did: { event: 'page:cart' } }, 489],
      [sequence('user', bought), 277],
      [sequence('session', bought), 261],
      [sequence('user', left), 336],
      [sequence('session', left), 423],
      [{ all: [{ did: { event: 'page:cart' } }, { not: sequence('user', bought) }] }, 212],
    ];
    for (const [i, [where, size]] of wanted.entries()) {
      const preview = await api.post(`${RESOURCES}/segments/preview`, { data: { where } });
      expect((await preview.json()).size, JSON.stringify(where)).toBe(size);

      const inline = await rows(api, 'profiles', { includeSegments: [{ where }], limit: 10_000 });
      expect(inline.length, JSON.stringify(where)).toBe(size);

      const id = `e2e-shop-${i}`;
      const created = await api.post(`${RESOURCES}/segments`, {
        data: { id, name: `Shop ${i}`, kind: 'dynamic', definition: { where } },
      });
      expect(created.status(), await created.text()).toBe(201);
      const computed = await api.post(`${RESOURCES}/segments/${id}/refresh`);
      expect((await computed.json()).size).toBe(size);
      const members = await rows(api, 'segmentMembers', { segment: id, limit: 10_000 });
      expect(members).toHaveLength(size);
      const [counted] = await rows(api, 'explorer', {
        format: 'value',
        measures: [{ measure: 'users' }],
        includeSegments: [id],
      });
      expect(counted.Users).toBe(size);
      expect((await api.delete(`${RESOURCES}/segments/${id}`)).ok()).toBe(true);
    }
  });
});
