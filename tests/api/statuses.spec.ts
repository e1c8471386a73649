import { DATASOURCE } from '../ask';
import { expect, test } from '../fixtures';

const RESOURCES = `/api/datasources/uid/${DATASOURCE.uid}/resources`;

/** The preview answers with the status codes of Grafana, since clients decide by them. */
test.describe('status codes', () => {
  const query = (uid: string, options: object, queryType = 'profiles') => ({
    from: 'now-30d',
    to: 'now',
    queries: [{ refId: 'A', datasource: { type: DATASOURCE.type, uid }, queryType, options }],
  });
  const broken = {
    uid: 'footfall-e2e-statuses',
    name: 'Footfall, statuses',
    type: DATASOURCE.type,
    access: 'proxy',
    url: '127.0.0.1:1',
    user: 'nobody',
    jsonData: { database: 'footfall', sslmode: 'disable', connectTimeout: 1 },
  };
  const address = `/api/datasources/uid/${broken.uid}`;

  test.beforeEach(({ api }) => api.delete(address).then(() => undefined));
  test.afterEach(({ api }) => api.delete(address).then(() => undefined));

  test('of queries', async ({ api }) => {
    const status = async (data: unknown) => (await api.post('/api/ds/query', { data })).status();
    expect(await status(query(DATASOURCE.uid, {}))).toBe(200);
    expect(await status(query(DATASOURCE.uid, { filter: 'last_contry:BR' }))).toBe(400);
    expect(await status(query(DATASOURCE.uid, {}, 'paths'))).toBe(400);
    expect(await status(query('footfall-e2e-nothing', {}))).toBe(404);
    expect(await status({ from: 'now-1h', to: 'now', queries: [] })).toBe(400);
    const { results } = await (await api.post('/api/ds/query', { data: query(DATASOURCE.uid, { limit: 0 }) })).json();
    expect(results.A).toMatchObject({ status: 400, error: expect.stringContaining('options.limit') });
  });

  test('of health and resources', async ({ api }) => {
    const status = async (path: string) => (await api.get(path)).status();
    expect(await status(`/api/datasources/uid/${DATASOURCE.uid}/health`)).toBe(200);
    expect(await status(`${RESOURCES}/segments`)).toBe(200);
    expect(await status(`${RESOURCES}/segments/footfall-e2e-nothing`)).toBe(404);
    expect(await status(`${RESOURCES}/nothing`)).toBe(404);
    expect(await status('/api/datasources/uid/footfall-e2e-nothing/resources/segments')).toBe(500);
    expect(await status('/api/datasources/uid/footfall-e2e-nothing/health')).toBe(500);
  });

  test('of data sources and dashboards', async ({ api, people }) => {
    const viewer = (await people.be('Viewer')).context.request;
    expect((await viewer.post('/api/datasources', { data: broken })).status()).toBe(403);
    expect((await api.post('/api/datasources', { data: broken })).status()).toBe(200);
    expect((await api.post('/api/datasources', { data: broken })).status()).toBe(409);
    expect((await api.get(`${address}/health`)).status()).toBe(400);
    expect((await viewer.get(`${address}/health`)).status()).toBe(400);
    expect((await viewer.delete(address)).status()).toBe(403);
    expect((await api.delete(address)).status()).toBe(200);
    expect((await api.delete(address)).status()).toBe(404);
    const dashboard = { uid: 'footfall-e2e-statuses', title: 'Statuses' };
    expect((await api.post('/api/dashboards/db', { data: { dashboard, overwrite: true } })).status()).toBe(200);
    expect((await viewer.get(`/api/dashboards/uid/${dashboard.uid}`)).status()).toBe(200);
    expect((await api.delete(`/api/dashboards/uid/${dashboard.uid}`)).status()).toBe(200);
    expect((await api.get('/api/dashboards/uid/footfall-e2e-nothing')).status()).toBe(404);
  });
});
