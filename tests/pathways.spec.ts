import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';

import { type Asked, askAll, DATASOURCE, type Row } from './ask';
import { expect, test } from './fixtures';
import { choose, deleteDashboard, openApp, openDashboard, openExplore, saveDashboard } from './host';

const view = (page: Page) => page.getByTestId('pathways view');
const chart = (page: Page) => view(page).getByRole('group', { name: /^Pathways in / });
const list = (page: Page) => view(page).getByRole('table', { name: /^Sessions: / });
const nodeNamed = (page: Page, name: string, step: string) =>
  chart(page).getByRole('button', { name: new RegExp(`^${name.replace(/[/*.?]/g, '\\$&')}, ${step}: `) });

/** The frames nodes and edges, as programs get them. */
const pathways = (api: Asked, options: object = {}) => askAll(api, { queryType: 'pathways', options });

const headOf = (step: unknown) => (step === 1 ? 'Start' : `Step ${step}`);
const english = (n: unknown) => Number(n).toLocaleString('en-US');
const counted = (n: unknown) => (n === 1 ? '1 session' : `${english(n)} sessions`);

test('draws what the data source counts, and says it to who cannot see it', async ({ page, shoot }) => {
  await openApp(page, '/pathways');
  await expect(chart(page)).toBeVisible();
  const [nodes, edges] = await pathways(page.request);
  const pages = nodes.filter(({ kind }) => kind === 'page');
  expect(pages.length).toBeGreaterThan(10);
  for (const { name, step, value } of pages) {
    const label = nodeNamed(page, String(name), headOf(step));
    await expect(label).toHaveAttribute('aria-label', new RegExp(`: ${counted(value)}, `));
  }
  const others = nodes.filter(({ kind, pages }) => kind === 'other' && Number(pages) > 1);
  expect(others.length).toBeGreaterThan(0);
  for (const { step, pages } of others) {
    await expect(nodeNamed(page, `${english(pages)} other pages`, headOf(step))).toHaveCount(1);
  }
  await expect(chart(page).locator('path[role=button]')).toHaveCount(edges.length);
  await shoot('pathways');

  await view(page).getByText('Table', { exact: true }).click({ force: true });
  const rows = view(page).getByRole('table', { name: 'Pathways' }).getByRole('row');
  await expect(rows).toHaveCount(edges.length + 1);
  await expect(rows.nth(1).getByRole('button')).toHaveText(english(edges[0].value));
  await shoot('pathways-table');
  await page.setViewportSize({ width: 390, height: 844 });
  await shoot('pathways-table-phone');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.goBack();
  await expect(chart(page)).toBeVisible();
});

test('leads from a page to paths after and before it, and to the sessions behind it', async ({ page, shoot }) => {
  await openApp(page, '/pathways');
  await nodeNamed(page, '/cart', 'Step 2').click();
  await page.getByRole('menuitem', { name: 'Paths after this page' }).click();
  await expect(page).toHaveURL(/after=%2Fcart/);
  const [nodes] = await pathways(page.request, { anchor: 'after', page: '/cart' });
  const [cart] = nodes;
  await expect(nodeNamed(page, '/cart', 'Start')).toHaveAttribute('aria-label', new RegExp(`: ${counted(cart.value)}`));
  await expect(view(page)).toContainText('without /cart');

  await nodeNamed(page, 'Left', 'Step 2').click();
  await page.getByRole('menuitem', { name: 'Show these sessions' }).click();
  const left = nodes.find(({ kind, step }: Row) => kind === 'dropoff' && step === 2)!;
  await expect(view(page).getByRole('region', { name: /^Sessions: Left, Step 2/ })).toContainText(counted(left.value));
  await expect(list(page).locator('tbody').first()).toBeVisible();
  await shoot('pathways-sessions');
  const first = list(page).locator('tbody').first();
  const said = await first.getByRole('button').innerText();
  await first.getByRole('button').click();
  await expect(first.getByRole('list', { name: 'Events' })).toBeVisible();
  await first.getByRole('link').click();
  const opened = page.getByTestId('user view').locator('[aria-expanded=true]');
  await expect(opened).toContainText(said.slice(0, 19));

  await page.goBack();
  await nodeNamed(page, '/cart', 'Start').click();
  await page.getByRole('menuitem', { name: 'Paths before this page' }).click();
  await expect(nodeNamed(page, '/cart', 'Last step')).toBeVisible();
  await expect(chart(page)).toContainText('1 before');
});

test('tells on which page the users of a segment were last', async ({ page, shoot }) => {
  await openApp(page, '/segments/cart-dropouts');
  await page.getByRole('link', { name: 'See where they leave' }).click();
  await expect(page).toHaveURL(/end=&unit=user/);
  const [from, to] = ['from', 'to'].map((name) => new URL(page.url()).searchParams.get(name) ?? undefined);
  const options = { includeSegments: ['cart-dropouts'], anchor: 'end', unit: 'user' };
  const [nodes] = await askAll(page.request, { queryType: 'pathways', options, from, to });
  const last = nodes.filter(({ kind, step }) => kind === 'page' && step === 1);
  expect(last.length).toBeGreaterThan(2);
  for (const { name, value } of last) {
    const said = new RegExp(`: ${value === 1 ? '1 user' : `${english(value)} users`}, `);
    await expect(nodeNamed(page, String(name), 'Last step')).toHaveAttribute('aria-label', said);
  }
  await shoot('pathways-end');
  const [{ name, value }] = last;
  await nodeNamed(page, String(name), 'Last step').click();
  await page.getByRole('menuitem', { name: 'Show these users' }).click();
  await expect(view(page).getByRole('region', { name: /^Users: / })).toContainText(`${english(value)} users`);
});

test('lists the users behind a page, and keeps them as a segment of as many', async ({ page, api, theme, shoot }) => {
  const id = `left-after-cart-${theme}`;
  await api.delete(`/api/datasources/uid/${DATASOURCE.uid}/resources/segments/${id}`);
  await openApp(page, '/pathways?after=%2Fcart&unit=user');
  await nodeNamed(page, 'Left', 'Step 2').click();
  await page.getByRole('menuitem', { name: 'Show these users' }).click();
  const [nodes] = await pathways(page.request, { anchor: 'after', page: '/cart', unit: 'user' });
  const left = nodes.find(({ kind, step }: Row) => kind === 'dropoff' && step === 2)!;
  const behind = view(page).getByRole('region', { name: /^Users: Left, Step 2/ });
  await expect(behind).toContainText(`${english(left.value)} users`);
  await expect(behind.getByRole('table', { name: 'Users' })).toBeVisible();
  await shoot('pathways-users');
  await behind.getByRole('button', { name: 'Save users as segment' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(`${english(left.value)} users`);
  await dialog.getByLabel('Name').fill(`Left after cart ${theme}`);
  await dialog.getByRole('button', { name: 'Save users as segment' }).click();
  await expect(view(page)).toContainText(`Left after cart ${theme} was saved.`);
  const stored = await api.get(`/api/datasources/uid/${DATASOURCE.uid}/resources/segments/${id}`);
  expect((await stored.json()).size).toBe(left.value);
  await api.delete(`/api/datasources/uid/${DATASOURCE.uid}/resources/segments/${id}`);
});

test('leaves out what is hidden, merges pages, and asks for another step', async ({ page }) => {
  await openApp(page, '/pathways?steps=3');
  await nodeNamed(page, '/cart', 'Step 2').click({ modifiers: ['Alt'] });
  await expect(page).toHaveURL(/hide=%2Fcart/);
  await expect(chart(page).getByRole('button', { name: /^\/cart, / })).toHaveCount(0);
  await view(page).getByRole('button', { name: 'One step more' }).click();
  await expect(chart(page)).toContainText('Step 4');
  const [nodes] = await pathways(page.request, { steps: 4, hide: ['/cart'] });
  const last = nodes.find(({ kind, step }) => kind === 'page' && step === 4)!;
  await expect(nodeNamed(page, String(last.name), 'Step 4')).toHaveAttribute(
    'aria-label',
    new RegExp(`: ${counted(last.value)}, `)
  );
});

test('is gone through by the keyboard alone', async ({ page }) => {
  await openApp(page, '/pathways');
  const first = chart(page).locator('[data-id][tabindex="0"]');
  await expect(first).toHaveCount(1);
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(':focus')).toHaveAttribute('aria-label', / to .*: .* of those at /);
  await page.keyboard.press('ArrowRight');
  await expect(page.locator(':focus')).toHaveAttribute('aria-label', /, Step 2: /);
  await page.keyboard.press('Enter');
  const wanted = page.getByRole('menuitem', { name: 'Show these sessions' });
  await expect(wanted).toBeVisible();
  const items = await page.getByRole('menuitem').allInnerTexts();
  for (const text of items.slice(0, items.indexOf('Show these sessions'))) {
    await expect(page.getByRole('menuitem', { name: text })).toBeFocused();
    await page.keyboard.press('ArrowDown');
  }
  await expect(wanted).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(list(page)).toBeVisible();
});

test('counts those of a segment, and of what is typed', async ({ page }) => {
  await openApp(page, '/pathways');
  const stored = await page.request.get(`/api/datasources/uid/${DATASOURCE.uid}/resources/segments`);
  const segments: Array<{ id: string; name: string }> = await stored.json();
  await choose(page, 'Segments', segments.find(({ id }) => id === 'premium')!.name);
  await page.getByLabel('Filter', { exact: true }).fill('country:BR');
  await page.keyboard.press('Enter');
  const [nodes] = await pathways(page.request, { includeSegments: ['premium'], filter: 'country:BR' });
  const total = nodes.filter(({ step }) => step === 1).reduce((sum, { value }) => sum + Number(value), 0);
  await expect(view(page).locator('[aria-live][aria-busy]')).toContainText(counted(total));
  await page.reload();
  await expect(view(page).locator('[aria-live][aria-busy]')).toContainText(counted(total));
});

test('has conditions built where they count, and says who is not counted', async ({ page, shoot }) => {
  await openApp(page, '/pathways');
  const live = view(page).locator('[aria-live][aria-busy]').last();
  await expect(live).toContainText(', without anonymous visitors');
  await view(page).getByText('Anonymous', { exact: true }).click();
  await expect(live).toContainText(', with anonymous visitors');
  await view(page).getByText('Anonymous', { exact: true }).click();

  const definition = { where: { all: [{ did: { event: 'type:view page:/cart', atLeast: 1 } }] } };
  await openApp(page, `/pathways?${new URLSearchParams({ def: JSON.stringify(definition) })}`);
  const [nodes] = await pathways(page.request, { includeSegments: [definition] });
  const total = nodes.filter(({ step }) => step === 1).reduce((sum, { value }) => sum + Number(value), 0);
  await expect(live).toContainText(counted(total));
  await view(page)
    .getByRole('button', { name: /viewed page \/cart/ })
    .first()
    .click();
  const builder = page.getByRole('region', { name: 'Conditions' });
  await expect(builder).toContainText('/cart');
  await shoot('pathways-conditions');
  await expect(page).toHaveURL(/\/pathways/);
});

test('shows the ways of one user, and many pages at one step', async ({ page, shoot }) => {
  const sort = { column: 'sessions', descending: true };
  const [[{ user_id }]] = await askAll(page.request, { queryType: 'profiles', options: { sort, limit: 1 } });
  const filter = `user_id:${user_id}`;
  await openApp(page, `/pathways?${new URLSearchParams({ q: filter })}`);
  const [ofOne] = await pathways(page.request, { filter });
  const first = ofOne.filter(({ step }) => step === 1);
  expect(first.length).toBeGreaterThan(0);
  for (const { name, value } of first.filter(({ kind }) => kind === 'page')) {
    await expect(nodeNamed(page, String(name), 'Start')).toHaveAttribute(
      'aria-label',
      new RegExp(`: ${counted(value)}`)
    );
  }
  await shoot('pathways-one-user');

  await openApp(page, '/pathways?rows=50&steps=2&from=now-90d&to=now');
  const options = { nodesPerStep: 50, steps: 2 };
  const [many] = await askAll(page.request, { queryType: 'pathways', options, from: 'now-90d' });
  const others = many.find(({ step, kind }) => step === 1 && kind === 'other')!;
  expect(Number(others.pages)).toBeGreaterThan(10);
  const column = chart(page).getByRole('button', { name: /, Start: / });
  await expect(column).toHaveCount(51);
  await expect(nodeNamed(page, `${english(others.pages)} other pages`, 'Start')).toHaveCount(1);
  const boxes = await column.evaluateAll((bars) =>
    bars.map((bar) => bar.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom }))
  );
  const sorted = boxes.sort((a, b) => a.top - b.top);
  expect(sorted.slice(1).every(({ top }, i) => top >= sorted[i].bottom - 1)).toBe(true);
  await shoot('pathways-many-pages');
});

test('says why there is nothing to see', async ({ page }) => {
  await openApp(page, '/pathways?after=%2Fnowhere');
  await expect(page.getByRole('heading', { name: 'Nobody came to /nowhere in this time' })).toBeVisible();
  await openApp(page, '/pathways?q=country:XX');
  await expect(page.getByRole('heading', { name: 'No session took a path in this time' })).toBeVisible();
  await openApp(page, '/pathways?q=contry:BR');
  await expect(view(page)).toContainText('unknown attribute');
});

test('a Viewer sees who they are and is told what keeping them takes', async ({ people }) => {
  const { context } = await people.be('Viewer');
  const page = await context.newPage();
  await openApp(page, '/pathways?after=/cart&of=1:page:/cart&list=users');
  await expect(view(page).getByRole('table', { name: 'Users' })).toBeVisible();
  await expect(view(page).getByRole('button', { name: 'Save users as segment' })).toBeDisabled();
});

test('in a panel stands over its query, and what is chosen stands in the address', async ({ page, theme, shoot }) => {
  const uid = `footfall-e2e-pathways-panel-${theme}`;
  const options = { filter: 'country:BR', anchor: 'after', page: '/cart', steps: 3 };
  const target = { refId: 'A', datasource: DATASOURCE, queryType: 'pathways', options };
  const panel = { id: 7, type: 'footfall-pathways-panel', title: 'Ways', datasource: DATASOURCE, targets: [target] };
  await saveDashboard(page, { uid, title: 'Ways', panels: [{ ...panel, gridPos: { x: 0, y: 0, w: 24, h: 24 } }] });
  await openDashboard(page, uid);
  const [nodes] = await pathways(page.request, options);
  await expect(nodeNamed(page, '/cart', 'Start')).toHaveAttribute(
    'aria-label',
    new RegExp(`: ${counted(nodes[0].value)}`)
  );
  await expect(view(page)).toContainText('from this dashboard');
  await choose(page, 'Paths', 'from the start');
  const [all] = await pathways(page.request, { filter: 'country:BR', steps: 3 });
  const first = nodeNamed(page, String(all[0].name), 'Start');
  await expect(first).toHaveAttribute('aria-label', new RegExp(`: ${counted(all[0].value)}, `));
  await shoot('pathways-panel');
  await page.reload();
  await expect(first).toHaveAttribute('aria-label', new RegExp(`: ${counted(all[0].value)}, `));
  await deleteDashboard(page, uid);
});

const DROPOUTS = { includeSegments: ['cart-dropouts'] };
/** The chart of one side, where two are compared. */
const sideChart = (page: Page, name: string) =>
  view(page).getByRole('group', { name: new RegExp(`^Pathways in .*, ${name}$`) });
const inSide = (page: Page, side: string, name: string, step: string) =>
  sideChart(page, side).getByRole('button', { name: new RegExp(`^${name}, ${step}: `) });

/** Rows of nodes by their ids. */
const valuesOf = (nodes: Row[]) => new Map(nodes.map(({ id, value }) => [String(id), Number(value)]));

test('compares with a segment: the same pages, each side with its own numbers', async ({ page, shoot }) => {
  await openApp(page, '/pathways?steps=3');
  await choose(page, 'Compare with', 'Cart dropouts');
  await expect(page).toHaveURL(/vs=cart-dropouts/);
  await expect(sideChart(page, 'Cart dropouts')).toBeVisible();
  const [nodes, edges, compared, comparedEdges] = await pathways(page.request, { steps: 3, compare: DROPOUTS });
  expect(compared.map(({ id }) => id)).toEqual(nodes.map(({ id }) => id));
  const alone = [await pathways(page.request, { steps: 3 }), await pathways(page.request, { steps: 3, ...DROPOUTS })];
  for (const [i, side] of [nodes, compared].entries()) {
    const values = valuesOf(alone[i][0]);
    const both = side.filter(({ id, kind }) => kind === 'page' && values.has(String(id)));
    expect(both.length).toBeGreaterThan(10);
    expect(both.map(({ value }) => value)).toEqual(both.map(({ id }) => values.get(String(id))));
    for (const { name, step, value } of side.filter(({ kind }) => kind === 'page').slice(0, 12)) {
      const label = sideChart(page, i === 0 ? 'Everybody' : 'Cart dropouts').locator(
        `[data-id="${step}:page:${name}"]`
      );
      await expect(label).toHaveAttribute(
        'aria-label',
        new RegExp(`: ${counted(value)}, .*${i === 0 ? '' : ' points'}`)
      );
    }
  }
  await shoot('pathways-compared');

  for (const [side, rows] of Object.entries({ Everybody: nodes, 'Cart dropouts': compared })) {
    await inSide(page, side, '/cart', 'Step 2').click();
    await page.getByRole('menuitem', { name: 'Show these sessions' }).click();
    const behind = view(page).getByRole('region', { name: `Sessions: ${side}, /cart, Step 2` });
    await expect(behind).toContainText(counted(valuesOf(rows).get('2:page:/cart')));
  }
  await page.reload();
  await expect(view(page).getByRole('region', { name: 'Sessions: Cart dropouts, /cart, Step 2' })).toBeVisible();

  await view(page).getByText('Table', { exact: true }).click({ force: true });
  const head = view(page).getByRole('table', { name: 'Pathways' }).getByRole('columnheader');
  const ofSide = ['Sessions', 'Share', 'Median time'];
  await expect(head).toHaveText([
    ...['Step', 'From', 'To', 'Everybody', 'Cart dropouts', 'Difference in points', ...ofSide, ...ofSide],
  ]);
  await expect(head.nth(5)).toBeInViewport();
  for (const [side, rows] of Object.entries({ Everybody: edges, 'Cart dropouts': comparedEdges })) {
    const times = view(page).locator(`td[data-name="${side}, median time"]`, { hasText: /\d (ms|s|min|h|d)$/ });
    await expect(times).toHaveCount(rows.filter(({ median_time }) => median_time !== null).length);
  }
  await shoot('pathways-compared-table');
});

test('Explore shows them, to be clicked on', async ({ page, shoot }) => {
  const options = { anchor: 'after', page: '/cart' };
  await openExplore(page, { queryType: 'pathways', options });
  const [nodes] = await pathways(page.request, options);
  const start = nodeNamed(page, '/cart', 'Start');
  await expect(start).toHaveAttribute('aria-label', new RegExp(`: ${counted(nodes[0].value)}`));
  await shoot('explore-pathways-panel');
  await nodeNamed(page, 'Left', 'Step 2').click();
  await page.getByRole('menuitem', { name: 'Show these sessions' }).click();
  const left = nodes.find(({ kind, step }: Row) => kind === 'dropoff' && step === 2)!;
  await expect(view(page).getByRole('region', { name: /^Sessions: Left, Step 2/ })).toContainText(counted(left.value));
  await expect(list(page).locator('tbody').first()).toBeVisible();
});

test('in a panel compares as its query says, or with nobody', async ({ page, theme }) => {
  const uid = `footfall-e2e-pathways-compared-${theme}`;
  const options = { steps: 3, compare: DROPOUTS };
  const target = { refId: 'A', datasource: DATASOURCE, queryType: 'pathways', options };
  const panel = { id: 7, type: 'footfall-pathways-panel', title: 'Ways', datasource: DATASOURCE, targets: [target] };
  await saveDashboard(page, { uid, title: 'Ways', panels: [{ ...panel, gridPos: { x: 0, y: 0, w: 24, h: 24 } }] });
  await openDashboard(page, uid);
  await expect(sideChart(page, 'in Cart dropouts')).toBeVisible();
  await choose(page, 'Compare with', 'nobody');
  await expect(chart(page)).toHaveCount(1);
  await expect(page).toHaveURL(/ff7\.vs=/);
  await deleteDashboard(page, uid);
});

test('has nothing that keeps people out, also on a phone', { tag: '@theme' }, async ({ page, shoot }) => {
  await openApp(page, '/pathways');
  await nodeNamed(page, '/cart', 'Step 2').click();
  await page.getByRole('menuitem', { name: 'Show these sessions' }).click();
  await expect(list(page)).toBeVisible();
  const scan = new AxeBuilder({ page })
    .include('[data-testid="pathways view"]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa']);
  const { violations } = await scan.analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await shoot('pathways-phone');
  await page.setViewportSize({ width: 1440, height: 900 });
});
