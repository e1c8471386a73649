import { expect, test } from './fixtures';

test('the first page tests the datasource and leads to the users', async ({ page, shoot }) => {
  await page.goto('/a/footfall-analytics-app');

  await expect(page.getByText('Footfall is connected')).toBeVisible();
  await shoot('start');

  await page.getByRole('link', { name: 'Users', exact: true }).last().click();
  await expect(page).toHaveURL(/\/d\/footfall-users/);
  await expect(page.getByRole('table')).toBeVisible();
});

test('the first page leads to the settings of the datasource', async ({ page }) => {
  await page.goto('/a/footfall-analytics-app');

  await page.getByRole('link', { name: 'Datasource settings' }).click();
  await expect(page.getByLabel('Host URL')).toBeVisible();
});
