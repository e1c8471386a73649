import { type Page } from '@playwright/test';

import { expect, test } from './fixtures';
import { openSettings } from './host';

/** Grafana calls the button "Test" where the datasource is provisioned read-only. */
const saveAndTest = (page: Page) => page.getByRole('button', { name: /^(Save & test|Test)$/i });

test('"Save & test" finds the store', async ({ page, shoot }) => {
  await openSettings(page, 'footfall');
  await expect(page.getByLabel(/^Database/)).not.toHaveValue('');

  await saveAndTest(page).click();

  const answer = page.getByTestId('data-testid Alert success');
  await expect(answer).toBeVisible();
  await answer.scrollIntoViewIfNeeded();
  await shoot('settings-tested');
  await page.getByLabel('Host URL').scrollIntoViewIfNeeded();
  await shoot('settings');
});

test.describe('a datasource with a broken setting', () => {
  const uid = 'footfall-e2e-broken';

  test.beforeEach(async ({ page }) => {
    await page.request.delete(`/api/datasources/uid/${uid}`);
    const created = await page.request.post('/api/datasources', {
      data: {
        uid,
        name: 'Footfall, broken',
        type: 'footfall-analytics-datasource',
        access: 'proxy',
        url: 'localhost:5432',
        user: 'footfall',
        jsonData: { database: 'footfall', sslmode: 'disable', connectTimeout: 3 },
      },
    });
    expect(created.ok(), await created.text()).toBe(true);
  });

  test.afterEach(async ({ page }) => {
    await page.request.delete(`/api/datasources/uid/${uid}`);
  });

  test('says what is wrong with it', async ({ page, shoot }) => {
    await openSettings(page, uid);
    await page.getByLabel('Host URL').fill('127.0.0.1:1');

    await saveAndTest(page).click();

    const answer = page.getByTestId('data-testid Alert error');
    await expect(answer).toContainText('127.0.0.1:1');
    await answer.scrollIntoViewIfNeeded();
    await shoot('settings-broken');
  });
});
