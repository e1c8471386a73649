import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, type Page } from '@playwright/test';

import { ask, DATASOURCE } from './ask';
import { add, conditions, keyboardOf, openFields, result, shownSize } from './builder';
import { expect, test } from './fixtures';
import { choose, offered, openApp, options } from './host';

const resource = (path: string) => `/api/datasources/uid/${DATASOURCE.uid}/resources/${path}`;
const table = (page: Page) => page.getByRole('table', { name: 'Segments' });

const DROPOUTS = {
  all: [
    { users: 'last_country:BR' },
    { sequence: { steps: [{ event: 'type:view page:/cart' }, { not: 'action:"click on CHECKOUT"' }] } },
  ],
};

/** How many users a definition has, by the list of users. */
const sizeOf = async (page: Page, where: object) =>
  (await ask(page, 'profiles', { includeSegments: [{ where }], limit: 10_000 })).length;

async function remove(api: APIRequestContext, id: string) {
  await api.delete(resource(`segments/${id}`));
}

test('lists segments with their sizes, in one request', async ({ page, api, shoot }) => {
  const asked: string[] = [];
  page.on('request', (request) => request.url().includes('/resources/') && asked.push(request.url()));
  await openApp(page, '/segments');
  await expect(table(page)).toBeVisible();

  const stored: Array<{ name: string; size: number | null }> = await (await api.get(resource('segments'))).json();
  for (const { name, size } of stored) {
    const row = table(page)
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name, exact: true }) });
    await expect(row).toContainText(size === null ? '–' : size.toLocaleString('en-US'));
  }
  expect(asked).toHaveLength(1);
  await page.getByPlaceholder('Search name or sentence').fill('CHECKOUT within 30 minutes');
  await expect(table(page).getByRole('row')).toHaveCount(2);
  await shoot('segments');
});

test('a segment is built by clicking, saved, and is what was counted', async ({ page, api, theme, shoot }) => {
  const name = `Brazil without checkout ${theme}`;
  const id = `brazil-without-checkout-${theme}`;
  await remove(api, id);
  await openApp(page, '/segments/-');
  await expect(page.getByText('Add a condition to see who matches.')).toBeVisible();

  // Where nothing is said yet, what can be said stands there.
  await page.getByRole('button', { name: /^have an attribute/ }).click();
  await expect(openFields(page).locator(':focus')).toBeVisible();
  await expect(conditions(page)).toContainText('not finished');
  await choose(page, 'Attribute', 'Last country');
  await choose(page, 'Values', 'Brazil');
  await expect.poll(() => shownSize(page)).toBe(await sizeOf(page, DROPOUTS.all[0]));

  await add(page, 'dropped out at least once, in one session');
  await choose(page, 'Step 1: which one', '/cart');
  await choose(page, 'Step 2: what happened', 'did action');
  await choose(page, 'Step 2: which one', 'click on CHECKOUT');
  const size = await sizeOf(page, DROPOUTS);
  await expect.poll(() => shownSize(page)).toBe(size);
  await expect(conditions(page).nth(1)).toContainText(
    'viewed page /cart then never clicked on CHECKOUT in the same session'
  );
  await expect(result(page)).toContainText('with last country Brazil who viewed /cart and then never clicked on');
  await shoot('segment-built');

  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(name);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name })).toBeVisible();
  const saved = await (await api.get(resource(`segments/${id}`))).json();
  expect(saved.definition.where).toEqual(DROPOUTS);
  expect(saved.size).toBe(size);

  await page.getByTestId('segment view').getByRole('tab', { name: 'Users' }).click();
  await expect(page.getByTestId('users view').locator('[aria-live=polite][aria-busy=false]')).toContainText(
    `${size.toLocaleString('en-US')} users`
  );

  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(table(page)).toBeVisible();
  await expect(page.getByText(`${name} was deleted.`)).toBeVisible();
  expect((await api.get(resource(`segments/${id}`))).status()).toBe(404);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(table(page).getByRole('link', { name })).toBeVisible();
  const restored = await (await api.get(resource(`segments/${id}`))).json();
  expect([restored.size, restored.definition]).toEqual([size, saved.definition]);

  await table(page).getByRole('link', { name }).click();
  await page.getByTestId('segment view').getByRole('tab', { name: 'History' }).click();
  const changes = page.getByRole('tabpanel', { name: 'History' }).getByRole('listitem');
  for (const [i, change] of ['Brought back by', 'Deleted by', 'Created by'].entries()) {
    await expect(changes.nth(i)).toContainText(change);
  }
  await remove(api, id);
});

test('the members of now are kept as a list', async ({ page, api }) => {
  await openApp(page, '/segments/cart-dropouts');
  const { size } = await (await api.get(resource('segments/cart-dropouts'))).json();
  await page.getByRole('button', { name: 'Freeze' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Dropouts of today');
  await dialog.getByRole('button', { name: 'Freeze' }).click();
  await expect(page.getByRole('heading', { name: 'Dropouts of today' })).toBeVisible();
  await expect(page.getByText(`A list of ${size} users`)).toBeVisible();
  await remove(api, 'dropouts-of-today');
});

test('conditions are edited by keyboard alone', async ({ page }) => {
  await openApp(page, '/segments/-');
  await page.getByRole('button', { name: 'Condition', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeVisible();
  // Which one has the focus first differs between versions of Grafana.
  const wanted = page.getByRole('menuitem', { name: /^did something/ });
  await expect(async () => {
    await page.keyboard.press('ArrowDown');
    await expect(wanted).toBeFocused({ timeout: 300 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Event: which one')).toBeFocused();
  await page.keyboard.type('/cart');
  await expect(offered(page, '/cart')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(conditions(page)).toContainText('viewed page /cart');
  await expect.poll(() => shownSize(page)).toBe(await sizeOf(page, { did: { event: 'type:view page:/cart' } }));

  await page.keyboard.press('Escape');
  await expect(conditions(page).getByRole('button').first()).toBeFocused();
  await page.keyboard.press('Tab');
  await keyboardOf(page).take('Duplicate');
  await expect(conditions(page)).toHaveCount(2);
  await expect(page.getByLabel('Kind of condition')).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await expect(conditions(page)).toHaveCount(1);
});

test('what a button is called elsewhere is offered, and what has no event is told', async ({ page }) => {
  await openApp(page, '/segments/-');
  await add(page, 'did something');
  await choose(page, 'Event: which one', 'click on ADD TO CART');
  const clicked = { did: { event: 'action:"click on ADD TO CART"' } };
  await expect.poll(() => shownSize(page)).toBe(await sizeOf(page, clicked));
  await page.getByRole('button', { name: /^Also: tap on ADD TO CART · [\d,]+ sessions/ }).click();
  const both = { did: { event: 'action:("click on ADD TO CART" OR "tap on ADD TO CART")' } };
  const size = await sizeOf(page, both);
  expect(size).toBeGreaterThan(await sizeOf(page, clicked));
  await expect.poll(() => shownSize(page)).toBe(size);
  await expect(conditions(page)).toContainText('clicked or tapped on ADD TO CART');
  await expect(result(page)).toContainText('users who clicked or tapped on ADD TO CART');
  await expect(page.getByRole('button', { name: /^Also/ })).toHaveCount(0);

  // Said as any event, it is the same.
  await choose(page, 'Event: what happened', 'any event where');
  await expect(page.getByLabel('Event: further conditions')).toHaveValue(both.did.event);
  await expect.poll(() => shownSize(page)).toBe(size);
  await choose(page, 'Event: what happened', 'did action');
  await expect(conditions(page)).toContainText('clicked or tapped on ADD TO CART');

  await choose(page, 'Event: what happened', 'viewed page');
  await page.getByLabel('Event: which one').fill('/crat');
  await expect(options(page)).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(conditions(page)).toContainText('viewed page /crat no event so far: /crat');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(conditions(page)).not.toContainText('no event so far');
  await expect(openFields(page)).toBeHidden();
});

test('a draft outlives a reload, and what is not finished is left out', async ({ page }) => {
  await openApp(page, '/segments/-');
  await add(page, 'did something');
  await choose(page, 'Event: which one', '/cart');
  await add(page, 'are in a segment');
  await expect(page.getByText('1 condition is not finished and left out of the count.')).toBeVisible();
  const size = await sizeOf(page, { did: { event: 'type:view page:/cart' } });
  await expect.poll(() => shownSize(page)).toBe(size);

  await add(page, 'have an attribute');
  await choose(page, 'Attribute', 'Last country');
  await expect(conditions(page).last()).toContainText('have Last country is … not finished: choose a value');
  await page.reload();
  await expect(conditions(page)).toHaveCount(3);
  await expect.poll(() => shownSize(page)).toBe(size);
  await expect(conditions(page).last()).toContainText('have Last country is … not finished: choose a value');

  // Also where nothing is finished as yet.
  await conditions(page).first().getByRole('button').first().click();
  await choose(page, 'Event: what happened', 'did action');
  await expect(conditions(page).first()).toContainText('did the action … not finished: choose an action');
  await page.reload();
  await expect(conditions(page).first()).toContainText('did the action … not finished: choose an action');

  await page.getByRole('button', { name: 'As JSON' }).click();
  const json = page.getByRole('textbox', { name: 'Definition as JSON' });
  await json.fill('{"where": {"users": "last_country:BR", "did": {}}}');
  await page.getByRole('button', { name: 'Use this definition' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await json.fill(JSON.stringify({ where: DROPOUTS }));
  await page.getByRole('button', { name: 'Use this definition' }).click();
  await expect(conditions(page)).toHaveCount(2);
  await expect.poll(async () => shownSize(page)).toBe(await sizeOf(page, DROPOUTS));
});

test('what two people change at once is lost by neither', async ({ page, api }) => {
  const id = 'changed-by-two';
  await remove(api, id);
  const definition = { where: { all: [{ users: 'last_country:BR' }] } };
  const made = await api.post(resource('segments'), {
    data: { id, name: 'Changed by two', kind: 'dynamic', definition },
  });
  const segment = await made.json();
  await openApp(page, `/segments/${id}`);
  await add(page, 'did something');
  await choose(page, 'Event: which one', '/cart');
  await expect(page.getByRole('button', { name: 'Save', exact: true })).toBeEnabled();

  const theirs = { where: { all: [{ users: 'last_country:DE' }] } };
  await api.put(resource(`segments/${id}`), { data: { ...segment, definition: theirs } });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByText('has changed this segment')).toBeVisible();
  await expect(page.getByText('Theirs: users with last country Germany')).toBeVisible();
  await expect(page.getByText('Yours: users with last country Brazil who viewed /cart')).toBeVisible();
  await page.getByRole('button', { name: 'Keep mine' }).click();
  await expect
    .poll(async () => (await (await api.get(resource(`segments/${id}`))).json()).definition.where.all)
    .toEqual([{ users: 'last_country:BR' }, { did: { event: 'type:view page:/cart' } }]);
  await remove(api, id);
});

test('a Viewer builds and previews, and is told what saving needs', async ({ people }) => {
  const { context } = await people.be('Viewer');
  const page = await context.newPage();
  await openApp(page, '/segments/-');
  await add(page, 'have an attribute');
  await choose(page, 'Attribute', 'Last country');
  await choose(page, 'Values', 'Brazil');
  await expect.poll(() => shownSize(page)).toBeGreaterThan(0);
  await expect(page.getByText('Saving needs the role Editor.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Save' })).toBeDisabled();
});

test('the pages of segments have nothing that keeps people out', { tag: '@theme' }, async ({ page }) => {
  for (const path of ['/segments', '/segments/cart-dropouts']) {
    await openApp(page, path);
    await expect(page.getByTestId(/segments? view/)).toBeVisible();
    if (path !== '/segments') {
      await conditions(page).first().getByRole('button').first().click();
      await expect.poll(() => shownSize(page)).toBeGreaterThan(0);
    }
    const { violations } = await new AxeBuilder({ page })
      .include('[data-testid$=" view"]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
});
