import { type Locator, type Page } from '@playwright/test';

import frustrations from '../src/dashboards/frustrations.json';
import overview from '../src/dashboards/overview.json';

import { askAll } from './ask';
import { expect, test } from './fixtures';
import { openDashboard, panel } from './host';

/** The explorer's count of what a number stands for. */
async function countOf(page: Page, filter: string, from: string, to: string): Promise<number> {
  const options = { filter, format: 'table' };
  const [[row]] = await askAll(page.request, { queryType: 'explorer', options, from, to });
  return Number(row.Events);
}

test("a person's frustrated session is four clicks from Overview, and each badge counts what it leads to", async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 2600 });
  let clicks = 0;
  const click = async (link: Locator) => {
    await link.click();
    clicks++;
  };
  await openDashboard(page, overview.uid);
  await click(panel(page, 'Frustration rate').getByRole('link').first());
  await expect(page).toHaveURL(new RegExp(frustrations.uid));

  const affected = panel(page, 'Sessions with any').getByRole('link').first();
  const number = Number((await affected.innerText()).replaceAll(',', ''));
  expect(number).toBeGreaterThan(0);
  await click(affected);
  await expect(page.getByText(`${number} sessions`, { exact: true })).toBeVisible();

  const sessions = page.getByRole('table', { name: 'Sessions' });
  const badges = sessions.locator('a[href*="footfall-frustrations"]');
  const found = await badges.evaluateAll((links) =>
    links.map((link) => ({ text: (link as HTMLElement).innerText, href: (link as HTMLAnchorElement).href }))
  );
  expect(found.length).toBeGreaterThan(5);
  for (const { text, href } of found.slice(0, 10)) {
    const { searchParams } = new URL(href);
    const [filter, from, to] = ['var-filter', 'from', 'to'].map((name) => searchParams.get(name)!);
    const told = (what: RegExp) => Number(what.exec(text)?.[1] ?? 0);
    const counted = [
      await countOf(page, `frustration:* ${filter}`, from, to),
      await countOf(page, `type:error ${filter}`, from, to),
    ];
    expect({ href, counted }).toEqual({ href, counted: [told(/(\d+) frustration/), told(/(\d+) error/)] });
  }

  // Those of nobody, and of anonymous visitors, lead nowhere.
  const row = sessions.getByRole('row').filter({ has: page.locator('a[href*="footfall-frustrations"]') });
  const person = row.first().locator('a[href*="/users/profile"]');
  await click(person);
  await expect(page).toHaveURL(/[?&]session=\d+/);
  const events = page.getByRole('list', { name: 'Events' });
  await expect(events).toBeVisible();
  const told = /(\d+) frustration/.exec(found[0].text)![1];
  const frustrated = events.locator('li').filter({ has: page.getByText(/^(rage|dead|error) (click|tap)$/) });
  await expect(frustrated).toHaveCount(Number(told));
  expect(clicks).toBeLessThan(4);

  // The badge of the session leads to the dashboard with just its frustrations.
  await click(page.locator(`a[href="${new URL(found[0].href).pathname}${new URL(found[0].href).search}"]`).first());
  await expect(panel(page, 'Frustrations')).toContainText(told);
});
