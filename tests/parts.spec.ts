import { type Locator, type Page } from '@playwright/test';

import { DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { deleteDashboard, openApp, openDashboard, openExplore, openSettings, saveDashboard } from './host';

/** What is fetched of the plugin when it is first shown: files whose names tell their content. */
const PARTS = /\/public\/plugins\/footfall-.*\.[0-9a-f]{20}\.js$/;

/** Whatever a host puts behind their addresses. */
const isPart = ({ pathname }: URL) => PARTS.test(pathname);

const uid = (theme: string) => `footfall-e2e-parts-${theme}`;

const PANELS = [
  { type: 'footfall-profiles-panel', queryType: 'profiles', options: {}, shows: 'users view' },
  { type: 'footfall-user-panel', queryType: 'profile', options: { user: 'nobody' }, shows: 'user view' },
  { type: 'footfall-sessions-panel', queryType: 'sessions', options: {}, shows: 'sessions view' },
  { type: 'footfall-segments-panel', queryType: 'segments', options: {}, shows: 'segments view' },
  { type: 'footfall-pathways-panel', queryType: 'pathways', options: {}, shows: 'pathways view' },
];

const dashboard = (theme: string, panels = PANELS) => ({
  uid: uid(theme),
  title: 'Parts',
  panels: panels.map(({ type, queryType, options }, i) => ({
    ...{ id: i + 1, type, title: type, datasource: DATASOURCE },
    gridPos: { x: 0, y: 8 * i, w: 24, h: 8 },
    targets: [{ refId: 'A', datasource: DATASOURCE, queryType, options }],
  })),
});

/** The addresses of parts that a page asks for from now on. */
function partsOf(page: Page): string[] {
  const found: string[] = [];
  page.on('request', (request) => {
    const address = new URL(request.url());
    if (isPart(address)) {
      found.push(address.pathname);
    }
  });
  return found;
}

const strangers = (parts: string[]) =>
  parts.filter((part) => !/\/public\/plugins\/footfall-analytics-app\/[^/]+$/.test(part));

test.afterEach(({ page, theme }) => deleteDashboard(page, uid(theme)));

for (const panel of PANELS) {
  test(`${panel.type} is fetched from the folder of the app`, async ({ page, theme }) => {
    await saveDashboard(page, dashboard(theme, [panel]));
    const parts = partsOf(page);
    await openDashboard(page, uid(theme));
    await expect(page.getByTestId(panel.shows)).toBeVisible();
    expect(parts.length).toBeGreaterThan(0);
    expect(strangers(parts)).toEqual([]);
  });
}

test('panels, the datasource and pages stand beside each other', async ({ page, theme }) => {
  await page.setViewportSize({ width: 1440, height: 2600 });
  await saveDashboard(page, dashboard(theme));
  await openDashboard(page, uid(theme));
  for (const { shows } of PANELS) {
    await expect(page.getByTestId(shows)).toBeVisible();
  }
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('the settings and the builder of conditions are fetched from there as well', async ({ page }) => {
  const parts = partsOf(page);
  await openSettings(page, DATASOURCE.uid);
  await expect(page.getByLabel(/^Database/)).toBeVisible();
  const ofSettings = parts.length;
  expect(ofSettings).toBeGreaterThan(0);
  await openExplore(page, { queryType: 'profiles', options: {} });
  await page.getByRole('button', { name: 'New condition' }).first().click();
  await expect(page.getByRole('dialog', { name: 'Users who match' })).toBeVisible();
  expect(parts.length).toBeGreaterThan(ofSettings);
  expect(strangers(parts)).toEqual([]);
});

/** Opens something whose parts are gone, as after an update, and loads it again when they are there. */
async function expectReload(page: Page, open: () => Promise<unknown>, shown: Locator) {
  await page.route(isPart, (route) => route.fulfill({ status: 404, body: '{"message":"Plugin file not found"}' }));
  await open();
  await expect(page.getByText('Footfall was updated: reload the page')).toBeVisible();
  await expect(shown).toHaveCount(0);
  await page.unroute(isPart);
  await page.getByRole('button', { name: 'Reload', exact: true }).click();
  await expect(shown).toBeVisible();
}

test('a page whose files were replaced asks to be loaded again', async ({ page, shoot }) => {
  // Requests that are intercepted go past the browser's cache: all of Grafana is fetched anew, three times.
  test.slow();
  await page.route(isPart, (route) => route.abort());
  await openApp(page, '/users');
  await expect(page.getByText('Footfall was updated: reload the page')).toBeVisible();
  await shoot('parts-page');
  await page.unroute(isPart);
  await expectReload(page, () => openApp(page, '/users'), page.getByTestId('users view'));
});

test('a panel whose files were replaced asks for it too', async ({ page, theme, shoot }) => {
  test.slow();
  await saveDashboard(page, dashboard(theme, PANELS.slice(0, 1)));
  await page.route(isPart, (route) => route.abort());
  await openDashboard(page, uid(theme));
  await expect(page.getByText('Footfall was updated: reload the page')).toBeVisible();
  await shoot('parts-panel');
  await page.unroute(isPart);
  await expectReload(page, () => openDashboard(page, uid(theme)), page.getByTestId('users view'));
});
