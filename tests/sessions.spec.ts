import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';

import { DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { openApp, panel } from './host';

const open = (page: Page, search = '') => openApp(page, `/sessions${search}`);
const list = (page: Page) => page.getByRole('table', { name: 'Sessions' });
const counted = (page: Page, n: number) =>
  expect(page.getByText(`${n.toLocaleString('en')} sessions`, { exact: true })).toBeVisible();

/** How many sessions began in the last week. */
async function total(page: Page, options: object): Promise<number> {
  const query = {
    refId: 'A',
    datasource: DATASOURCE,
    queryType: 'sessions',
    options: { ...options, includeTotal: true, limit: 1 },
  };
  const answer = await page.request.post('/api/ds/query', { data: { from: 'now-7d', to: 'now', queries: [query] } });
  return (await answer.json()).results.A.frames[0].schema.meta.custom.total;
}

test("everybody's sessions are narrowed, opened, and shared by their address", async ({ page, shoot }) => {
  await open(page);
  const all = await total(page, {});
  await counted(page, all);
  await expect(list(page).getByRole('row').nth(1)).toBeVisible();
  await shoot('sessions');
  await expect(page.getByRole('heading', { name: 'Sessions', exact: true })).toHaveCount(1);
  await expect(page.getByText('without anonymous visitors', { exact: true })).toBeVisible();

  await page.getByText('Anonymous', { exact: true }).click();
  const everybody = await total(page, { includeAnonymous: true });
  await counted(page, everybody);
  expect(everybody).toBeGreaterThan(all);
  await page.getByText('Anonymous', { exact: true }).click();

  const box = page.getByLabel('Filter', { exact: true });
  await box.fill('frustration:*');
  await box.press('Enter');
  const frustrated = await total(page, { filter: 'frustration:*' });
  await counted(page, frustrated);
  expect(frustrated).toBeLessThan(all);
  await expect(page).toHaveURL(/q=frustration/);
  await page.reload();
  await counted(page, frustrated);

  await list(page).locator('a[href*="/users/profile"]').first().click();
  await page.getByTestId('user view').getByRole('link', { name: 'Sessions', exact: true }).click();
  await counted(page, frustrated);
  await page.goBack();
  await page.goBack();
  await counted(page, frustrated);
  await page.goBack();
  await counted(page, all);
});

test('a user who was named on a dashboard is no way back to a list that was open before', async ({ page }) => {
  const leading = (name: string) => page.getByTestId('user view').getByRole('link', { name, exact: true });
  await page.setViewportSize({ width: 1440, height: 2600 });
  await open(page, '?q=frustration:*');
  await list(page).locator('a[href*="/users/profile"]').first().click();
  await expect(leading('Sessions')).toBeVisible();
  await page.locator('a[href*="footfall-frustrations"]').first().click();
  await panel(page, 'Sessions to look at').getByRole('link').first().click();
  await leading('Users').click();
  await expect(page).toHaveURL(/\/users(\?ds=[^&]*)?$/);
});

for (const width of [1440, 1024, 390]) {
  test(`the page of sessions fits ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    await open(page, '?q=frustration:*');
    await expect(list(page)).toBeVisible();
    const fits = await list(page).evaluate((table) => {
      const box = table.parentElement!.getBoundingClientRect();
      return table.getBoundingClientRect().right <= box.right && box.right <= window.innerWidth;
    });
    expect(fits).toBe(true);
  });
}

test('the page of sessions has nothing that keeps people out', { tag: '@theme' }, async ({ page }) => {
  await open(page, '?q=frustration:*');
  await expect(list(page)).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .include('[data-testid$=" view"]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
