/**
 * What shows the plugin: the preview host or a Grafana of any version. How to open a page, find a panel, read a table or
 * set a variable there stands here and nowhere else.
 */
import { expect, type Locator, type Page } from '@playwright/test';

import { DATASOURCE } from './ask';

export const isPreview = process.env.FOOTFALL_HOST === 'preview';

/** The tag of tests that only a Grafana can answer for: log-ins, alert rules, what Grafana does with a plugin's files. */
export const NEEDS_GRAFANA = { tag: '@grafana' };

/** A page of the app; '' is the first. */
export const openApp = (page: Page, path = '') => page.goto(`/a/footfall-analytics-app${path}`);

/** A dashboard, with values of variables in its address. */
export function openDashboard(page: Page, uid: string, variables: Record<string, string | string[]> = {}) {
  const values = Object.entries(variables).flatMap(([name, value]) =>
    [value].flat().map((one) => [`var-${name}`, one])
  );
  return page.goto(values.length > 0 ? `/d/${uid}?${new URLSearchParams(values)}` : `/d/${uid}`);
}

/** Explore with a query of the datasource, over the last thirty days unless told otherwise. */
export function openExplore(
  page: Page,
  query: object = {},
  datasource = DATASOURCE,
  range = { from: 'now-30d', to: 'now' }
) {
  const pane = {
    datasource: datasource.uid,
    queries: [{ refId: 'A', datasource, ...query }],
    range,
  };
  return page.goto(`/explore?orgId=1&schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ a: pane }))}`);
}

/** The settings of a datasource. */
export const openSettings = (page: Page, uid: string) => page.goto(`/connections/datasources/edit/${uid}`);

export const panel = (page: Page, title: string) => page.getByTestId(`data-testid Panel header ${title}`);

/** Gives a text variable of a dashboard another value. */
export async function setVariable(page: Page, label: string, value: string) {
  const field = page.getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
}

/** All that a menu of the plugin's offers. */
export const options = (page: Page) => page.locator('[aria-label="Select option"], [role="option"]');

/** What it offers by its exact text. */
export const offered = (page: Page, option: string) =>
  options(page)
    .filter({ has: page.getByText(option, { exact: true }) })
    .first();

/** Chooses an option of one of the plugin's menus by its exact text. */
export async function choose(page: Page, control: string, option: string) {
  await page.getByLabel(control, { exact: true }).fill(option);
  await offered(page, option).click();
}

/** The table on a page or in a panel: Grafana draws it as a grid from 12.2 on. */
export const table = (place: Page | Locator) => place.getByRole('table').or(place.getByRole('grid')).first();

/** The head of a column; a grid draws only those in view, so it is scrolled until it shows. */
export async function columnHeader(place: Page | Locator, header: string): Promise<Locator> {
  const found = table(place).getByRole('columnheader', { name: header, exact: true });
  await table(place).waitFor();
  await expect(async () => {
    if ((await found.count()) === 0) {
      await table(place).evaluate((grid) => {
        const end = grid.scrollLeft + grid.clientWidth >= grid.scrollWidth;
        grid.scrollLeft = end ? 0 : grid.scrollLeft + grid.clientWidth / 2;
      });
    }
    expect(await found.count()).toBeGreaterThan(0);
  }).toPass();
  return found.first();
}

/** The texts of a column in the rows that are drawn, without the footer. */
export async function column(place: Page | Locator, header: string): Promise<string[]> {
  return [...(await drawnCells(place, header)).values()];
}

/** The texts of a column in all rows: a table draws only those in view, so it is scrolled to its end. */
export async function wholeColumn(place: Page | Locator, header: string): Promise<string[]> {
  const cells = await drawnCells(place, header);
  const scroll = () =>
    table(place).evaluate((element) => {
      const scrolled = [element, ...element.querySelectorAll('*')].find(
        (one) => one.scrollHeight > one.clientHeight + 1
      );
      const before = scrolled?.scrollTop;
      scrolled?.scrollBy(0, scrolled.clientHeight / 2);
      return scrolled !== undefined && scrolled.scrollTop !== before;
    });
  while (await scroll()) {
    (await drawnCells(place, header)).forEach((text, row) => cells.set(row, text));
  }
  return [...cells.values()];
}

/** Texts by the row's place in the table. */
async function drawnCells(place: Page | Locator, header: string): Promise<Map<string, string>> {
  const head = await columnHeader(place, header);
  const at = await head.evaluate(
    (element) => element.ariaColIndex ?? String([...element.parentElement!.children].indexOf(element) + 1)
  );
  const found = await table(place)
    .locator('[role=row]:not(.rdg-summary-row):has([role=cell], [role=gridcell])')
    .evaluateAll(
      (rows, at) =>
        rows.map((row, i): [string, string] => {
          const cells = [...row.querySelectorAll<HTMLElement>('[role=cell], [role=gridcell]')];
          const cell = cells.find((one, i) => (one.ariaColIndex ?? String(i + 1)) === at);
          // A table before 12.2 places its rows by their distance from the top.
          return [row.ariaRowIndex ?? ((row as HTMLElement).style.top || String(i)), cell?.innerText.trim() ?? ''];
        }),
      at
    );
  return new Map(found);
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
