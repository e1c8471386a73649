import { type Page } from '@playwright/test';

import { askAll } from './ask';
import { expect, test } from './fixtures';
import { choose, column, openApp, openExplore, table } from './host';
import { addStore, removeStore } from './stores';

const SECOND = { type: 'footfall-analytics-datasource', uid: 'footfall-e2e-second' };

/** Two stores in one Grafana are not mixed up: the second one is the sample shop. */
test.describe('a second datasource', () => {
  const dsn = process.env.FOOTFALL_SAMPLE_DSN;
  test.skip(!dsn, 'NOT TESTED: the sample data is missing');

  test.beforeEach(({ api }) => addStore(api, SECOND, 'Second shop', dsn!));
  test.afterEach(({ api }) => removeStore(api, SECOND));

  const idShown = (page: Page, id: string) =>
    expect(page.getByTestId('user view').getByText(id, { exact: true }).first()).toBeVisible();

  test('is where its links lead', async ({ page, shoot }) => {
    const options = { columns: ['user_id', 'events'], limit: 5 };
    const [[user]] = await askAll(page.request, { queryType: 'profiles', options, datasource: SECOND });
    const id = String(user.user_id);

    await openExplore(page, { queryType: 'profiles', options }, SECOND);
    await expect.poll(() => column(page, 'User ID')).toContain(id);
    const link = table(page).getByRole('link').filter({ hasText: id }).first();
    const address = (await link.getAttribute('href')) ?? '';
    expect(new URL(address, page.url()).searchParams.get('ds')).toBe(SECOND.uid);

    await page.goto(address);
    await idShown(page, id);
    await shoot('second-datasource');
  });

  test('is found from the first page', async ({ page }) => {
    await openApp(page);
    await choose(page, 'Data source', 'Second shop');
    await expect(page.getByRole('heading', { name: /Second shop/ })).toBeVisible();

    await page.getByTestId('start view').getByRole('link', { name: 'Users', exact: true }).click();
    const [[user]] = await askAll(page.request, { queryType: 'profiles', options: { limit: 1 }, datasource: SECOND });
    await expect(page.getByRole('table').getByText(String(user.user_id), { exact: true })).toBeVisible();
  });

  test('is never taken for another one', async ({ page }) => {
    const [[user]] = await askAll(page.request, { queryType: 'profiles', options: { limit: 1 }, datasource: SECOND });
    const of = (ds: string) => `/users/profile?${new URLSearchParams({ ds, user: String(user.user_id) })}`;
    await openApp(page, of(SECOND.uid));
    await idShown(page, String(user.user_id));
    await openApp(page, of('footfall-e2e-nothing'));
    await expect(page.getByText('There is no data source footfall-e2e-nothing')).toBeVisible();
  });
});
