/** Datasources that tests make for stores of their own, which stand in the server of the demo's. */
import { type APIRequestContext, expect } from '@playwright/test';

export interface Datasource {
  type: string;
  uid: string;
}

/** Makes the datasource of a database, or makes it anew. */
export async function addStore(
  api: APIRequestContext,
  { type, uid }: Datasource,
  name: string,
  dsn: string,
  settings: object = {}
) {
  const { host, username, password, pathname } = new URL(dsn);
  await removeStore(api, { type, uid });
  const created = await api.post('/api/datasources', {
    data: {
      ...{ uid, name, type, access: 'proxy', url: host, user: username },
      jsonData: { database: pathname.slice(1), sslmode: 'disable', ...settings },
      secureJsonData: { password: decodeURIComponent(password) },
    },
  });
  expect(created.ok(), await created.text()).toBe(true);
}

export async function removeStore(api: APIRequestContext, { uid }: Datasource) {
  await api.delete(`/api/datasources/uid/${uid}`);
}
