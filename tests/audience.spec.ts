import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import fs from 'fs';

import { DATASOURCE } from './ask';
import { beginning, openFields } from './builder';
import { expect, test } from './fixtures';
import { choose, deleteDashboard, openDashboard, saveDashboard } from './host';
import { bar, chip, facet, found, openUsers, requests, total } from './users';

const CART = { did: { event: 'type:view page:/cart' } };
const THIS_WEEK = { did: { ...CART.did, window: { last: '7d' } } };
const NEVER_PAID = { not: { did: { event: 'action:"click on CHECKOUT"' } } };

const builder = (page: Page) => page.getByRole('region', { name: 'Conditions' });
const conditions = (page: Page) => builder(page).getByTestId('condition');
const built = (page: Page) =>
  chip(page, /^(viewed|never|have)/).filter({ has: page.getByTitle(/^Edit the conditions/) });
const whose = (...all: object[]) => ({ includeSegments: [{ where: all.length === 1 ? all[0] : { all } }] });
const def = (...all: object[]) => ({ def: JSON.stringify({ where: { all } }) });

/** Adds a condition to those above the list. */
async function add(page: Page, what: string) {
  await bar(page).getByRole('button', { name: 'Add condition' }).click();
  await page.getByRole('menuitem', { name: beginning(what) }).click();
  await expect(openFields(page).locator(':focus')).toBeVisible();
}

test('who put something into the cart this week, from Brazil, and never came to pay', async ({ page, shoot }) => {
  await openUsers(page);
  const asked = requests(page);
  await add(page, 'did something');
  await expect(conditions(page)).toContainText('not finished');
  expect(new Set(asked), 'nothing but what the field suggests').toEqual(new Set(['values']));

  await choose(page, 'Event: which one', '/cart');
  await expect.poll(() => found(page)).toBe(await total(page, whose(CART)));
  await expect(built(page)).toContainText('viewed page /cart');
  expect(asked.filter((name) => name !== 'values').sort()).toEqual(['preview', 'query']);

  await choose(page, 'When', 'in the last 7 days');
  await add(page, 'never did something');
  await choose(page, 'Event: what happened', 'did action');
  await choose(page, 'Event: which one', 'click on CHECKOUT');
  await expect.poll(() => found(page)).toBe(await total(page, whose(THIS_WEEK, NEVER_PAID)));
  await facet(page, 'Last country')
    .getByRole('listitem')
    .filter({ hasText: 'Brazil' })
    .getByRole('checkbox')
    .click({ force: true });
  const count = await total(page, { ...whose(THIS_WEEK, NEVER_PAID), filter: 'last_country:BR' });
  expect(count).toBeGreaterThan(0);
  await expect.poll(() => found(page)).toBe(count);
  // Each row says how many remain, of all users.
  await expect(conditions(page).nth(1)).toContainText(String(await total(page, whose(THIS_WEEK, NEVER_PAID))));
  await expect(builder(page)).toContainText('users who viewed /cart in the last 7 days and who never clicked on');
  await shoot('audience-built');

  await page.reload();
  await expect.poll(() => found(page)).toBe(count);
  await expect(builder(page)).toBeHidden();
  await page.goBack();
  await expect.poll(() => found(page)).toBe(await total(page, whose(THIS_WEEK, NEVER_PAID)));
});

test('what was built stands in the address, and no facet leaves it out', async ({ page }) => {
  const asked = requests(page);
  await openUsers(page, def(CART, NEVER_PAID));
  await expect.poll(() => found(page)).toBe(await total(page, whose(CART, NEVER_PAID)));
  expect(asked.sort()).toEqual(['attributes', 'query']);
  const value = facet(page, 'Last device type').getByRole('listitem').filter({ hasText: 'mobile' });
  const mobile = await total(page, { ...whose(CART, NEVER_PAID), filter: 'last_device_type:mobile' });
  await expect(value).toContainText(String(mobile));
  await expect(
    facet(page, 'Segment')
      .getByRole('listitem')
      .filter({ hasText: /^Premium/ })
  ).toContainText(String(await total(page, { ...whose(CART, NEVER_PAID), filter: 'segment:premium' })));

  asked.length = 0;
  await built(page).getByRole('button').first().click();
  await expect(conditions(page)).toHaveCount(2);
  await expect.poll(() => asked).toEqual(['preview']);
  await builder(page)
    .getByRole('button', { name: /^Close the conditions/ })
    .click();
  await expect(builder(page)).toBeHidden();
  await built(page).getByRole('button', { name: 'Remove the conditions' }).click();
  await expect.poll(() => found(page)).toBe(await total(page, {}));
  await expect(page).not.toHaveURL(/def=/);
  await page.goBack();
  await expect.poll(() => found(page)).toBe(await total(page, whose(CART, NEVER_PAID)));
});

test('edits are undone in the builder, by Clear and by Back', async ({ page }) => {
  await openUsers(page, def(CART));
  const cart = await found(page);
  await built(page).getByRole('button').first().click();
  await expect(conditions(page)).toHaveCount(1);
  await add(page, 'never did something');
  await choose(page, 'Event: what happened', 'did action');
  await choose(page, 'Event: which one', 'click on CHECKOUT');
  const both = await total(page, whose(CART, NEVER_PAID));
  await expect.poll(() => found(page)).toBe(both);
  await builder(page).getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => found(page)).toBe(cart);
  await builder(page).getByRole('button', { name: 'Redo' }).click();
  await expect.poll(() => found(page)).toBe(both);
  await bar(page).getByRole('button', { name: 'Clear' }).click();
  await expect(conditions(page)).toHaveCount(0);
  await expect.poll(() => found(page)).toBe(await total(page, {}));
  await page.goBack();
  await expect(conditions(page)).toHaveCount(2);
  await expect.poll(() => found(page)).toBe(both);
});

test('what is not finished is left out, and what was finished last stays', async ({ page }) => {
  await openUsers(page, def(CART));
  const cart = await found(page);
  await built(page).getByRole('button').first().click();
  await expect(conditions(page)).toHaveCount(1);
  await add(page, 'are in a segment');
  await expect(builder(page)).toContainText('1 condition is not finished and left out of the list.');
  await conditions(page).first().getByRole('button').first().click();
  await choose(page, 'Event: what happened', 'did action');
  await expect(builder(page)).toContainText('2 conditions are not finished and left out of the list.');
  await expect(built(page)).toContainText('viewed page /cart');
  expect(await found(page)).toBe(cart);

  await page.reload();
  await expect(conditions(page).first()).toContainText('did the action … not finished: choose an action');
  await expect(conditions(page).last()).toContainText('not finished: choose a segment');
  expect(await found(page)).toBe(cart);
});

test('is kept as one segment with the rest, exported, and used elsewhere', async ({ page, api }) => {
  const id = 'carts-of-the-premium';
  const path = `/api/datasources/uid/${DATASOURCE.uid}/resources/segments/${id}`;
  await api.delete(path);
  const shown = { ...def(CART, NEVER_PAID), seg: 'premium', q: '-last_device_type:tablet' };
  await openUsers(page, shown);
  const count = await total(page, { ...whose(CART, NEVER_PAID), filter: 'segment:premium -last_device_type:tablet' });
  expect(count).toBeGreaterThan(0);
  await expect.poll(() => found(page)).toBe(count);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(
    fs
      .readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n')
  ).toHaveLength(1 + count);

  await page.getByRole('button', { name: 'Use in a dashboard' }).click();
  // An item with an address is a link on Grafana 10.1.
  const explore = page.locator('a', { hasText: 'Open in Explore' });
  const panes = new URL((await explore.getAttribute('href'))!, 'http://x').searchParams.get('panes')!;
  const { options } = JSON.parse(panes).footfall.queries[0];
  expect(await total(page, { ...options, limit: undefined, offset: undefined })).toBe(count);
  await page.keyboard.press('Escape');

  const [, preview] = await Promise.all([
    page.getByRole('button', { name: 'Save as segment' }).click(),
    page.waitForResponse(/segments\/preview/),
  ]);
  expect((await preview.json()).size).toBe(count);
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Carts of the premium');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(chip(page, 'in Carts of the premium')).toBeVisible();
  await expect(built(page)).toHaveCount(0);
  await expect.poll(() => found(page)).toBe(count);
  const saved = await (await api.get(path)).json();
  expect(saved.definition.where.all).toEqual(
    expect.arrayContaining([CART, NEVER_PAID, { segment: 'premium' }, { users: '-last_device_type:tablet' }])
  );
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(built(page)).toBeVisible();
  await expect.poll(() => found(page)).toBe(count);
});

test('the conditions are named where they leave nobody', async ({ page, shoot }) => {
  const nobody = { did: { event: 'type:view page:/nowhere' } };
  await openUsers(page, { ...def(nobody), q: 'last_country:BR' }, { empty: true });
  const count = await total(page, { filter: 'last_country:BR' });
  await expect(page.getByText(`Without viewed page /nowhere the list has ${count} users.`)).toBeVisible();
  await shoot('audience-nobody');
  await page.getByRole('button', { name: 'Remove it' }).click();
  await expect.poll(() => found(page)).toBe(count);
  await expect(built(page)).toHaveCount(0);
});

test(
  'the builder has nothing that keeps people out, nor is it wider than a phone',
  { tag: '@theme' },
  async ({ page, shoot }) => {
    await openUsers(page, { ...def(CART, NEVER_PAID), q: 'last_country:BR' });
    await built(page).getByRole('button').first().click();
    await conditions(page).first().getByRole('button').first().click();
    await expect(page.getByLabel('Kind of condition')).toBeFocused();
    const { violations } = await new AxeBuilder({ page })
      .include('[data-testid="users view"]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await shoot('audience-open');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await shoot('audience-phone');
    await page.setViewportSize({ width: 1440, height: 900 });
  }
);

test('in a panel conditions are laid over its query', async ({ page }) => {
  const uid = 'footfall-e2e-audience-panel';
  const options = { includeSegments: [{ where: CART }], filter: 'last_country:BR' };
  const target = { refId: 'A', datasource: DATASOURCE, queryType: 'profiles', options };
  const panel = { id: 7, type: 'footfall-profiles-panel', title: 'Users', datasource: DATASOURCE, targets: [target] };
  await saveDashboard(page, { uid, title: 'Carts', panels: [{ ...panel, gridPos: { x: 0, y: 0, w: 24, h: 24 } }] });
  await openDashboard(page, uid);
  await expect.poll(() => found(page)).toBe(await total(page, options));
  await add(page, 'never did something');
  await choose(page, 'Event: what happened', 'did action');
  await choose(page, 'Event: which one', 'click on CHECKOUT');
  const count = await total(page, { ...whose(CART, NEVER_PAID), filter: 'last_country:BR' });
  await expect.poll(() => found(page)).toBe(count);
  await page.reload();
  await expect.poll(() => found(page)).toBe(count);
  await deleteDashboard(page, uid);
});
