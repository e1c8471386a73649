import { type Page } from '@playwright/test';

import { expect, test } from './fixtures';
import { column, columnHeader, openDashboard, openExplore, panel, setVariable, table, wholeColumn } from './host';

async function openUsers(page: Page) {
  await openDashboard(page, 'footfall-users');
  await expect.poll(async () => (await column(page, 'User name')).length).toBeGreaterThan(5);
}

const number = (text: string) => Number(text.replace(/\D/g, ''));

test('the dashboard lists users with names, times and places', async ({ page, shoot }) => {
  await openUsers(page);

  expect((await column(page, 'User name')).filter(Boolean).length).toBeGreaterThan(5);
  expect((await column(page, 'Last seen'))[0]).toMatch(/ago$/);
  const countries = (await column(page, 'Last country')).filter(Boolean);
  expect(
    countries.some((country) => country.length > 2),
    `names, not codes: ${countries.join(', ')}`
  ).toBe(true);
  await shoot('users');
  await (await columnHeader(page, 'First country')).scrollIntoViewIfNeeded();
  await shoot('users-places');
});

test('search narrows the list', async ({ page, shoot }) => {
  await openUsers(page);
  const before = await column(page, 'User name');
  const sought = before[2];

  await setVariable(page, 'Search', sought);

  await expect.poll(async () => (await column(page, 'User name')).length).toBeLessThan(before.length);
  const after = await column(page, 'User name');
  expect(after.length).toBeGreaterThan(0);
  expect(after.every((name) => name.toLowerCase().includes(sought.toLowerCase()))).toBe(true);
  await shoot('users-search');
});

test('a click on a header sorts', async ({ page, shoot }) => {
  await openUsers(page);
  const header = await columnHeader(page, 'Sessions');

  for (const direction of [1, -1]) {
    await header.getByRole('button').or(header).last().click();
    await expect
      .poll(async () => {
        const shown = (await column(page, 'Sessions')).map(number);
        return shown.every((count, i) => i === 0 || (count - shown[i - 1]) * direction >= 0);
      })
      .toBe(true);
  }
  await shoot('users-sorted');
});

test('the query editor changes what is shown', async ({ page, shoot }) => {
  await openExplore(page, { queryType: 'profiles', options: { columns: ['user_name', 'sessions'] } });
  await expect(page.getByLabel('Sort by')).toBeVisible();

  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByLabel('Attribute', { exact: true }).fill('Sessions');
  await page.keyboard.press('Enter');
  await page.getByLabel('Operator', { exact: true }).fill('>=');
  await page.keyboard.press('Enter');
  await page.getByLabel('Value', { exact: true }).fill('2');
  await page.getByLabel('Value', { exact: true }).blur();

  await expect.poll(async () => (await column(page, 'Sessions')).map(number).every((count) => count >= 2)).toBe(true);
  await shoot('query-editor');
});

test('a click on a name leads to the user, and a click on a session to its events', async ({ page, shoot }) => {
  await openUsers(page);
  const name = (await column(page, 'User name')).find(Boolean)!;

  await table(page).getByRole('link').filter({ hasText: name }).first().click();

  await expect(page).toHaveURL(/\/d\/footfall-user\b.*var-user=user-/);
  await expect(panel(page, 'User').getByText(name)).toBeVisible();
  await expect.poll(() => column(panel(page, 'Compared with all users'), 'Name')).toContain('Sessions');
  await expect.poll(async () => (await column(panel(page, 'Most viewed pages'), 'Page')).length).toBeGreaterThan(0);
  await shoot('user');

  const sessions = panel(page, 'Sessions');
  await sessions.scrollIntoViewIfNeeded();
  const [views] = (await column(sessions, 'Views')).map(number);
  await table(sessions).getByRole('link').first().click();

  const events = panel(page, 'Events of a session');
  await events.scrollIntoViewIfNeeded();
  await expect
    .poll(async () => (await wholeColumn(events, 'Event type')).filter((type) => type === 'view').length)
    .toBe(views);
  await shoot('user-session');
});
