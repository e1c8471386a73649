import { type APIRequestContext, request } from '@playwright/test';

import { DATASOURCE } from '../ask';
import { expect, test } from '../fixtures';
import { NEEDS_GRAFANA } from '../host';

const RESOURCES = `/api/datasources/uid/${DATASOURCE.uid}/resources`;
const ID = 'e2e-roles';
const SEGMENT = { id: ID, name: 'Roles', kind: 'dynamic', definition: { where: { users: 'sessions:>=2' } } };

/** What each role may do, asked of the resources as real users of a Grafana or with the preview's switch. */
test.describe('roles', () => {
  const as: Record<string, APIRequestContext> = {};
  let editor: string;

  test.beforeAll(async ({ api, people }) => {
    const persons = { Viewer: await people.be('Viewer'), Editor: await people.be('Editor') };
    as.Viewer = persons.Viewer.context.request;
    as.Editor = persons.Editor.context.request;
    editor = persons.Editor.login;
    await api.delete(`${RESOURCES}/segments/${ID}`);
  });

  test.afterAll(async ({ api }) => {
    await api.delete(`${RESOURCES}/segments/${ID}`);
  });

  test('nobody gets nothing', NEEDS_GRAFANA, async ({ baseURL }) => {
    const nobody = await request.newContext({ baseURL });
    expect((await nobody.get(`${RESOURCES}/segments`)).status()).toBe(401);
    expect((await nobody.post(`${RESOURCES}/segments`, { data: SEGMENT })).status()).toBe(401);
    await nobody.dispose();
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
    expect(createdBy).toBe(editor);

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
