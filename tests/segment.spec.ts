/** One segment's page, and the list's order and filters; tests/segments.spec.ts has how segments are built. */
import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, type Page } from '@playwright/test';

import { ask, DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { choose, deleteDashboard, openApp, openDashboard, saveDashboard } from './host';

const all = `/api/datasources/uid/${DATASOURCE.uid}/resources/segments`;
const resource = (path: string) => `${all}/${path}`;
const list = (page: Page) => page.getByRole('table', { name: 'Segments' });
const names = (page: Page) => list(page).getByRole('rowheader').getByRole('link').allInnerTexts();
const users = (page: Page) => page.getByTestId('users view');
const usersCount = (page: Page) => users(page).locator('[aria-live=polite][aria-busy=false]');
/** Grafana's own navigation has tabs, too. */
const tab = (page: Page, name: string | RegExp) => page.getByTestId('segment view').getByRole('tab', { name });

interface Stored {
  id: string;
  name: string;
  size: number;
  version: number;
  usedBy: string[];
}

const ofCountry = (country: string) => ({ where: { all: [{ users: `last_country:${country}` }] } });

/** A segment of a test, computed once. */
async function create(api: APIRequestContext, id: string, country: string): Promise<Stored> {
  await api.delete(resource(id));
  const data = { id, name: `Test ${id}`, kind: 'dynamic', definition: ofCountry(country) };
  const made = await api.post(all, { data });
  expect(made.ok(), await made.text()).toBe(true);
  return (await api.post(resource(`${id}/refresh`))).json();
}

const read = async (api: APIRequestContext, id: string): Promise<Stored> => (await api.get(resource(id))).json();

test('the list is sorted by any head and narrowed by kind and state', async ({ page, api }) => {
  await openApp(page, '/segments');
  await list(page).getByRole('button', { name: 'Users' }).click();
  const stored: Stored[] = await (await api.get(all)).json();
  const bySize = stored.sort((a, b) => b.size - a.size).map(({ name }) => name);
  expect(bySize.length).toBeGreaterThan(3);
  await expect.poll(() => names(page)).toEqual(bySize);
  await expect(list(page).getByRole('columnheader', { name: 'Users' })).toHaveAttribute('aria-sort', 'descending');

  await page.reload();
  await expect.poll(() => names(page)).toEqual(bySize);
  await choose(page, 'State', 'failed');
  await expect(page.getByText('No segment matches')).toBeVisible();
  await page.goBack();
  await expect.poll(() => names(page)).toEqual(bySize);
  await choose(page, 'Kind', 'list');
  await expect(page.getByText('No segment matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all segments' }).click();
  await expect.poll(() => names(page)).toEqual(bySize);
});

test('the users of a segment are searched and narrowed on its page', async ({ page, api, shoot }) => {
  const { size } = await read(api, 'cart-dropouts');
  await openApp(page, '/segments/cart-dropouts');
  await expect(tab(page, 'Users')).toContainText(String(size));
  await tab(page, 'Users').click();
  await expect(usersCount(page)).toContainText(`${size} users`);
  await shoot('segment-users');

  const facet = users(page).getByRole('list', { name: 'Last country', exact: true });
  await facet.getByRole('listitem').filter({ hasText: 'Brazil' }).getByRole('checkbox').click({ force: true });
  const some = await ask(page, 'profiles', {
    ...{ includeSegments: ['cart-dropouts'], filter: 'last_country:BR', limit: 1000 },
  });
  expect(some.length).toBeGreaterThan(0);
  await expect(usersCount(page)).toContainText(`${some.length} of ${size} users`);
  await users(page).getByRole('button', { name: 'Sessions' }).click();
  const most = Math.max(...some.map(({ sessions }) => Number(sessions)));
  const first = users(page).getByRole('table', { name: 'Users' }).getByRole('row').nth(1);
  await expect(first.getByRole('cell').nth(3)).toHaveText(String(most));

  await page.reload();
  await expect(usersCount(page)).toContainText(`${some.length} of ${size} users`);
  await page.getByRole('link', { name: 'Show them on the page Users' }).click();
  await expect(page).toHaveURL(/\/users\?.*seg=cart-dropouts/);
  await expect(usersCount(page)).toContainText(`${size} of`);
  await page.goBack();
  await expect(usersCount(page)).toContainText(`${some.length} of ${size} users`);
});

test('size, history and what uses a segment are told', async ({ page, api, shoot }) => {
  const id = 'e2e-parts';
  const brazil = await create(api, id, 'BR');
  await api.put(resource(id), { data: { ...brazil, name: 'Germans', definition: ofCountry('DE') } });
  const germany: Stored = await (await api.post(resource(`${id}/refresh`))).json();

  await openApp(page, `/segments/${id}?tab=size`);
  const chart = page.getByRole('img', { name: 'Size over time' });
  await expect(chart.locator('canvas')).toBeVisible();
  const { x, y, width, height } = (await chart.locator('.u-over').boundingBox())!;
  await page.mouse.move(x + width - 1, y + height / 2);
  await expect(chart).toContainText('by version 2');
  await expect(chart).toContainText(`${germany.size} users`);
  await shoot('segment-size');
  await page.getByRole('button', { name: 'Show as table' }).click();
  const sizes = page.getByRole('table', { name: 'Size over time' }).getByRole('row');
  await expect(sizes.nth(1).getByRole('cell')).toHaveText([String(germany.size), /%/, / s$/, '2']);
  await expect(sizes.last().getByRole('cell')).toHaveText([String(brazil.size), /%/, / s$/, '1']);

  await tab(page, 'History').click();
  const changes = page.getByRole('tabpanel').getByRole('listitem');
  await expect(changes.first()).toContainText(`Name: Test ${id} → Germans`);
  await expect(changes.first()).toContainText(
    'It said: users with last country Brazil. Now: users with last country Germany'
  );
  await changes.first().getByRole('button', { name: 'Show the difference' }).click();
  const difference = page.getByLabel('Difference as JSON');
  await expect(difference).toContainText('"users": "last_country:BR"');
  await expect(difference).toContainText('"users": "last_country:DE"');
  await shoot('segment-history');
  await changes.nth(1).getByRole('button', { name: 'Use what it said then' }).click();
  await expect(tab(page, 'Conditions')).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByTestId('condition')).toContainText('Brazil');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(async () => (await read(api, id)).size).toBe(brazil.size);
  expect(await read(api, id)).toMatchObject({ definition: ofCountry('BR'), name: 'Germans', version: 3 });

  await openApp(page, '/segments/premium?tab=use');
  const part = (name: string) => page.getByRole('region', { name });
  const query = JSON.parse(await part('Its users, as a query').locator('pre').innerText());
  const members = await ask(page, query.queryType, { ...query.options, limit: 10_000 });
  const premium = await read(api, 'premium');
  expect(members).toHaveLength(premium.size);
  expect(premium.usedBy).toEqual(['quiet-premium']);
  await expect(part('Its users, as plain SQL').locator('pre')).toContainText('from footfall.plain_users u');
  await shoot('segment-use');
  await part('Segments that use it').getByRole('link', { name: 'Quiet premium' }).click();
  await expect(page.getByRole('heading', { name: 'Quiet premium' })).toBeVisible();
  await api.delete(resource(id));
});

test('of two Editors who change a segment, the second is told first', async ({ people, api }) => {
  const id = 'e2e-two-editors';
  await create(api, id, 'BR');
  const open = async (role: 'Editor' | 'Admin') => {
    const page = await (await people.be(role)).context.newPage();
    await openApp(page, `/segments/${id}`);
    await page.getByTestId('condition').getByRole('button').first().click();
    return page;
  };
  const [first, second] = [await open('Editor'), await open('Admin')];
  const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true });
  await choose(first, 'Values', 'Germany');
  await choose(second, 'Values', 'France');
  await expect(second.getByText('Users with last country Brazil or last country France')).toBeVisible();
  await save(first).click();
  await expect(save(first)).toBeDisabled();
  await save(second).click();
  await expect(second.getByText('Theirs: users with last country Brazil or last country Germany')).toBeVisible();
  await expect(second.getByText('Yours: users with last country Brazil or last country France')).toBeVisible();
  await second.getByRole('button', { name: 'Take theirs' }).click();
  await expect(second.getByTestId('condition')).toContainText('Germany');
  await expect(save(second)).toBeDisabled();
  expect(await read(api, id)).toMatchObject({ version: 2, definition: ofCountry('(BR OR DE)') });
  await api.delete(resource(id));
  await Promise.all([first.close(), second.close()]);
});

test('what was deleted comes back with its id, members and history', async ({ page, api }) => {
  const id = 'e2e-comes-back';
  const before = await create(api, id, 'BR');
  const members = async () => (await api.get(resource(`${id}/members?limit=1000`))).json();
  const [was, history] = [await members(), await (await api.get(resource(`${id}/history`))).json()];
  await openApp(page, `/segments/${id}`);
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText(`${before.name} was deleted.`)).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await list(page).getByRole('link', { name: before.name }).click();
  await expect(page).toHaveURL(new RegExp(`/segments/${id}`));
  expect(await members()).toEqual(was);
  expect((await (await api.get(resource(`${id}/history`))).json()).slice(2)).toEqual(history);
  await api.delete(resource(id));
});

test('the list is a panel of a dashboard, which leads to the pages', async ({ page, api, shoot }) => {
  await openApp(page, '/segments');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.getByRole('button', { name: 'Use in a dashboard' }).click();
  await page.getByRole('menuitem', { name: 'Copy the panel as JSON' }).click();
  const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
  const uid = 'footfall-e2e-segments-panel';
  const panel = { ...copied, id: 5, gridPos: { x: 0, y: 0, w: 24, h: 18 } };
  await saveDashboard(page, { uid, title: 'Groups', panels: [panel] });

  await openDashboard(page, uid);
  const stored: Stored[] = await (await api.get(all)).json();
  await expect.poll(async () => (await names(page)).sort()).toEqual(stored.map(({ name }) => name).sort());
  await page.getByPlaceholder('Search name or sentence').fill('CHECKOUT within 30 minutes');
  await expect.poll(() => names(page)).toEqual(['Cart dropouts']);
  await shoot('segments-panel');
  await page.reload();
  await expect.poll(() => names(page)).toEqual(['Cart dropouts']);
  await list(page).getByRole('link', { name: 'Cart dropouts' }).click();
  await expect(page.getByRole('heading', { name: 'Cart dropouts' })).toBeVisible();
  await deleteDashboard(page, uid);
});

test('no part of a segment keeps people out', { tag: '@theme' }, async ({ page, api }) => {
  // A size that was computed once has no chart.
  expect((await api.post(resource('cart-dropouts/refresh'))).ok()).toBe(true);
  const shown = { users: 'Last country', size: 'Show as table', history: 'Created by', use: 'In a filter' };
  for (const [part, text] of Object.entries(shown)) {
    await openApp(page, `/segments/cart-dropouts?tab=${part}`);
    await expect(page.getByTestId('segment view').getByText(text).first()).toBeVisible();
    const { violations } = await new AxeBuilder({ page })
      .include('[data-testid="segment view"]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => [part, id, nodes.map(({ html }) => html)])).toEqual([]);
  }
});
