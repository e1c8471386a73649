import { expect, test } from './fixtures';
import { openApp, table } from './host';

test('the first page tests the datasource and leads to the users', async ({ page, shoot }) => {
  await openApp(page);

  await expect(page.getByText('Footfall is connected')).toBeVisible();
  await shoot('start');

  await page.getByRole('link', { name: 'Users', exact: true }).last().click();
  await expect(page).toHaveURL(/\/a\/footfall-analytics-app\/users/);
  await expect(table(page)).toBeVisible();
});

test('the first page leads to the settings of the datasource', async ({ page }) => {
  await openApp(page);

  await page.getByRole('link', { name: 'Datasource settings' }).click();
  await expect(page.getByLabel('Host URL')).toBeVisible();
});
