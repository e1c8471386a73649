import { type APIRequestContext, request } from '@playwright/test';

import { expect, test } from '../fixtures';
import { DATASOURCE } from '../grafana';

const RESOURCES = `/api/datasources/uid/${DATASOURCE.uid}/resources`;
const ID = 'e2e-roles';
const SEGMENT = { id: ID, name: 'Roles', kind: 'dynamic', definition: { where: { users: 'sessions:>=2' } } };
const PASSWORD = 'only-for-this-test';

type Role = 'Viewer' | 'Editor';

/** What each role may do, asked of the resources of a real Grafana with real users. */
test.describe('roles', () => {
  const ids: number[] = [];
  const as: Record<string, APIRequestContext> = {};
  const login = (role: Role) => `e2e-${role.toLowerCase()}`;

  test.beforeAll(async ({ api, baseURL }) => {
    for (const role of ['Viewer', 'Editor'] as const) {
      const created = await api.post('/api/admin/users', {
        data: { name: login(role), login: login(role), email: `${login(role)}@example.org`, password: PASSWORD },
      });
      expect(created.ok(), await created.text()).toBe(true);
      const { id } = await created.json();
      ids.push(id);
      const changed = await api.patch(`/api/org/users/${id}`, { data: { role } });
      expect(changed.ok(), await changed.text()).toBe(true);
      as[role] = await request.newContext({ baseURL });
      const entered = await as[role].post('/login', { data: { user: login(role), password: PASSWORD } });
      expect(entered.ok(), await entered.text()).toBe(true);
    }
    as.nobody = await request.newContext({ baseURL });
    await api.delete(`${RESOURCES}/segments/${ID}`);
  });

  test.afterAll(async ({ api }) => {
    await api.delete(`${RESOURCES}/segments/${ID}`);
    for (const id of ids) {
      await api.delete(`/api/admin/users/${id}`);
    }
    await Promise.all(Object.values(as).map((context) => context.dispose()));
  });

  test('nobody gets nothing', async () => {
    expect((await as.nobody.get(`${RESOURCES}/segments`)).status()).toBe(401);
    expect((await as.nobody.post(`${RESOURCES}/segments`, { data: SEGMENT })).status()).toBe(401);
  });

  test('viewers read and preview, and change nothing', async ({ api }) => {
    const created = await api.post(`${RESOURCES}/segments`, { data: SEGMENT });
    expect(created.status(), await created.text()).toBe(201);
    const { version } = await created.json();

    for (const path of ['segments', `segments/${ID}`, `segments/${ID}/history`, `segments/${ID}/members`, 'tables']) {
      expect((await as.Viewer.get(`${RESOURCES}/${path}`)).status(), path).toBe(200);
    }
    const preview = await as.Viewer.post(`${RESOURCES}/segments/preview`, { data: SEGMENT.definition });
    expect(preview.status(), await preview.text()).toBe(200);

    const refused = await Promise.all([
      as.Viewer.post(`${RESOURCES}/segments`, { data: { ...SEGMENT, id: 'e2e-other' } }),
      as.Viewer.put(`${RESOURCES}/segments/${ID}`, { data: { ...SEGMENT, name: 'Taken over', version } }),
      as.Viewer.delete(`${RESOURCES}/segments/${ID}`),
      as.Viewer.post(`${RESOURCES}/segments/${ID}/refresh`),
      as.Viewer.post(`${RESOURCES}/segments/${ID}/freeze`, { data: { id: 'e2e-frozen', name: 'Frozen' } }),
      as.Viewer.post(`${RESOURCES}/tables?name=e2e&key=user_id`, { data: 'user_id,plan\n1,pro\n' }),
      as.Viewer.delete(`${RESOURCES}/tables/e2e`),
    ]);
    for (const answer of refused) {
      expect(answer.status(), answer.url()).toBe(403);
      expect((await answer.json()).message).toBe('only editors may do this');
    }
    const unchanged = await (await api.get(`${RESOURCES}/segments/${ID}`)).json();
    expect(unchanged).toMatchObject({ name: 'Roles', version });
    await api.delete(`${RESOURCES}/segments/${ID}`);
  });

  test('editors change, under their own name, and never over the edit of another', async ({ api }) => {
    const forged = await as.Editor.post(`${RESOURCES}/segments`, { data: { ...SEGMENT, createdBy: 'admin' } });
    expect(forged.status()).toBe(400);
    const created = await as.Editor.post(`${RESOURCES}/segments`, { data: SEGMENT });
    expect(created.status(), await created.text()).toBe(201);
    const { version, createdBy } = await created.json();
    expect(createdBy).toBe(login('Editor'));

    const byAdmin = await api.put(`${RESOURCES}/segments/${ID}`, { data: { ...SEGMENT, name: 'By admin', version } });
    expect(byAdmin.status(), await byAdmin.text()).toBe(200);
    const stale = await as.Editor.put(`${RESOURCES}/segments/${ID}`, { data: { ...SEGMENT, name: 'Stale', version } });
    expect(stale.status()).toBe(409);
    expect((await (await api.get(`${RESOURCES}/segments/${ID}`)).json()).name).toBe('By admin');

    const refreshed = await as.Editor.post(`${RESOURCES}/segments/${ID}/refresh`);
    expect(refreshed.status(), await refreshed.text()).toBe(200);
    expect((await refreshed.json()).size).toBeGreaterThan(0);
    expect((await as.Editor.delete(`${RESOURCES}/segments/${ID}`)).ok()).toBe(true);
    expect((await as.Editor.get(`${RESOURCES}/segments/${ID}`)).status()).toBe(404);
  });
});
