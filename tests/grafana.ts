import { expect, type Page } from '@playwright/test';

export const DATASOURCE = { type: 'footfall-analytics-datasource', uid: 'footfall' };

/** Rows of an answer's first frame, by field name. */
export type Row = Record<string, unknown>;

interface Frame {
  schema: { fields: Array<{ name: string }> };
  data: { values: unknown[][] };
}

/** Asks the datasource through Grafana's API, over the last thirty days. */
export async function ask(page: Page, queryType: string, options: object): Promise<Row[]> {
  const response = await page.request.post('/api/ds/query', {
    data: { from: 'now-30d', to: 'now', queries: [{ refId: 'A', datasource: DATASOURCE, queryType, options }] },
  });
  expect(response.ok(), await response.text()).toBe(true);
  const [frame]: Frame[] = (await response.json()).results.A.frames;
  const names = frame.schema.fields.map(({ name }) => name);
  const [first = []] = frame.data.values;
  return first.map((_, row) => Object.fromEntries(names.map((name, i) => [name, frame.data.values[i][row]])));
}

/** Opens Explore with a query of the datasource, over the last thirty days. */
export async function explore(page: Page, query: object = {}) {
  const left = {
    datasource: DATASOURCE.uid,
    queries: [{ refId: 'A', datasource: DATASOURCE, ...query }],
    range: { from: 'now-30d', to: 'now' },
  };
  await page.goto(`/explore?orgId=1&left=${encodeURIComponent(JSON.stringify(left))}`);
}

/** Chooses an option of one of Grafana's menus by its exact text. */
export async function choose(page: Page, control: string, option: string) {
  await page.getByLabel(control, { exact: true }).fill(option);
  await page
    .locator('[aria-label="Select option"], [role="option"]')
    .filter({ has: page.getByText(option, { exact: true }) })
    .first()
    .click();
}

/** Creates a dashboard, or replaces the one with its uid. */
export async function saveDashboard(page: Page, dashboard: { uid: string; [key: string]: unknown }) {
  const saved = await page.request.post('/api/dashboards/db', {
    data: { overwrite: true, dashboard: { schemaVersion: 38, time: { from: 'now-30d', to: 'now' }, ...dashboard } },
  });
  expect(saved.ok(), await saved.text()).toBe(true);
}

export async function deleteDashboard(page: Page, uid: string) {
  await page.request.delete(`/api/dashboards/uid/${uid}`);
}
