import { type APIRequestContext, expect, type Page } from '@playwright/test';

export const DATASOURCE = { type: 'footfall-analytics-datasource', uid: 'footfall' };

/** Rows of an answer's first frame, by field name. */
export type Row = Record<string, unknown>;

interface Frame {
  schema: { fields: Array<{ name: string }> };
  data: { values: unknown[][] };
}

/** Whatever sends requests to Grafana. */
export type Asked = Pick<APIRequestContext, 'post'>;

interface Question {
  queryType: string;
  options: object;
  datasource?: { type: string; uid: string };
  from?: string;
  to?: string;
}

/** Asks through Grafana's API and returns the rows of each frame. */
export async function askAll(api: Asked, question: Question): Promise<Row[][]> {
  const { from = 'now-30d', to = 'now', datasource = DATASOURCE, ...query } = question;
  const response = await api.post('/api/ds/query', {
    data: { from, to, queries: [{ refId: 'A', datasource, ...query }] },
  });
  expect(response.ok(), await response.text()).toBe(true);
  const frames: Frame[] = (await response.json()).results.A.frames;
  return frames.map(rowsOf);
}

function rowsOf({ schema, data }: Frame): Row[] {
  const [first = []] = data.values;
  return first.map((_, row) => Object.fromEntries(schema.fields.map(({ name }, i) => [name, data.values[i][row]])));
}

/** Asks the demo's datasource over the last thirty days and returns the rows of the first frame. */
export async function ask(page: Page, queryType: string, options: object): Promise<Row[]> {
  return (await askAll(page.request, { queryType, options }))[0];
}

/** Those columns of rows, as lists. */
export function columns(rows: Row[], ...names: string[]): unknown[][] {
  return rows.map((row) => names.map((name) => row[name]));
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
