/** Asks the datasource through the host's HTTP API, as programs do. */
import { type APIRequestContext, expect, type Page } from '@playwright/test';

export const DATASOURCE = { type: 'footfall-analytics-datasource', uid: 'footfall' };

/** Rows of an answer's first frame, by field name. */
export type Row = Record<string, unknown>;

interface Frame {
  schema: { fields: Array<{ name: string }> };
  data: { values: unknown[][] };
}

/** Whatever sends requests to the host. */
export type Asked = Pick<APIRequestContext, 'post'>;

interface Question {
  queryType: string;
  options: object;
  datasource?: { type: string; uid: string };
  from?: string;
  to?: string;
}

/** Asks and returns the rows of each frame. */
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
