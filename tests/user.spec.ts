import AxeBuilder from '@axe-core/playwright';
import { type Locator, type Page } from '@playwright/test';

import { askAll, DATASOURCE, type Row } from './ask';
import { expect, test } from './fixtures';
import { deleteDashboard, openApp, openDashboard, saveDashboard } from './host';
import { addStore, type Datasource, removeStore } from './stores';

const view = (page: Page) => page.getByTestId('user view');
const sessions = (page: Page) => view(page).getByRole('table', { name: 'Sessions', exact: true });
const events = (page: Page) => view(page).getByRole('list', { name: 'Events' });
const summaries = (page: Page) => events(page).locator('summary');

const LONG_AGO = { from: '1500000000000', to: '1500086400000' };

/** The page of a user, once it has answered. */
async function openUser(page: Page, user: string, parameters: Record<string, string> = {}) {
  await openApp(page, `/users/profile?${new URLSearchParams({ user, ...parameters })}`);
  await expect(view(page).locator('header h2')).toBeVisible();
}

/** Somebody with sessions in the last thirty days, errors among them. */
async function somebody(page: Page): Promise<Row> {
  const options = { filter: 'has(type:error)', sort: { column: 'sessions', descending: true }, limit: 1 };
  return (await askAll(page.request, { queryType: 'profiles', options }))[0][0];
}

/** What stands under a name. */
const fact = (place: Locator, name: string) =>
  place
    .locator('dl > div')
    .filter({ has: place.page().getByText(name, { exact: true }) })
    .locator('dd')
    .first();

const rowsOf = (page: Page, title: string) =>
  view(page)
    .getByRole('table', { name: title })
    .locator('tbody tr')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.trim())));

const number = (text: string) => Number(text.replace(/\D/g, ''));

test.describe('the page of a user', () => {
  test('is found by e-mail, and leads from a session to its events and back to the list', async ({ page, shoot }) => {
    const { user_id, user_email, user_name } = await somebody(page);
    await openApp(page, '/users?rows=25');
    await page.getByPlaceholder('Search name, e-mail or id').fill(String(user_email));
    const list = page.getByRole('table', { name: 'Users' });
    await expect(list.locator('tbody tr')).toHaveCount(1);
    await list.getByRole('link', { name: String(user_name) }).click();

    await expect(view(page).getByRole('heading', { name: String(user_name) })).toBeVisible();
    await expect(view(page).getByText(String(user_email))).toBeVisible();
    await expect(view(page).getByText(String(user_id), { exact: true })).toBeVisible();
    await shoot('user');

    const first = sessions(page).getByRole('button').first();
    const views = number(await sessions(page).locator('td[data-name=Views]').first().innerText());
    await first.click();
    await expect(first).toHaveAttribute('aria-expanded', 'true');
    await expect(summaries(page).first()).toContainText('0:00');
    await expect(summaries(page).filter({ hasText: 'view' })).toHaveCount(views);
    await summaries(page).first().click();
    await expect(events(page).getByText('Time', { exact: true }).first()).toBeVisible();
    await shoot('user-session');

    await page.reload();
    await expect(summaries(page).filter({ hasText: 'view' })).toHaveCount(views);
    await page.goBack();
    await expect(sessions(page)).toBeVisible();
    await expect(events(page)).toBeHidden();
    await view(page).getByRole('link', { name: 'Users', exact: true }).click();
    await expect(page.getByPlaceholder('Search name, e-mail or id')).toHaveValue(String(user_email));
    await expect(page).toHaveURL(/rows=25/);
  });

  test('says what the backend says, in one request', async ({ page }) => {
    const { user_id } = await somebody(page);
    const user = String(user_id);
    const asked: string[] = [];
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      if (pathname.startsWith('/api/ds') || pathname.includes('/resources/')) {
        asked.push(pathname);
      }
    });
    await openUser(page, user);
    await expect(sessions(page)).toBeVisible();
    expect(asked).toEqual(['/api/ds/query']);

    const answer = (queryType: string, options: object = {}) =>
      askAll(page.request, { queryType, options: { user, ...options } });
    const [[profile], totals] = await answer('profile');
    for (const { name, value } of totals.filter(({ total }) => total !== 'events')) {
      expect(number(await fact(view(page), String(name)).innerText())).toBe(value);
    }
    await expect(fact(view(page), 'usr.plan')).toHaveText(String(profile['usr.plan']));
    for (const [queryType, title, name, count] of [
      ['topPages', 'Most visited pages', 'page', 'views'],
      ['topActions', 'Most frequent actions', 'action', 'actions'],
    ]) {
      const [top] = await answer(queryType, { limit: 8 });
      const shown = (await rowsOf(page, title)).map((row) => [row[0], number(row[3])]);
      expect(shown).toEqual(top.map((row) => [row[name], row[count]]));
    }
    const [list] = await answer('sessions', { limit: 20 });
    const counts = await sessions(page).locator('td[data-name=Actions]').allInnerTexts();
    expect(counts.map(number)).toEqual(list.map(({ actions }) => actions));
    const trouble = await sessions(page).locator('td[data-name=Trouble]').allInnerTexts();
    expect(trouble.map((text) => number(/(\d+) errors?/.exec(text)?.[1] ?? '0'))).toEqual(
      list.map(({ errors }) => errors)
    );
    const pages = await sessions(page).locator('td[data-name=Pages]').allInnerTexts();
    expect(pages.map((text) => text.trim())).toEqual(
      list.map((one) => [...new Set([one.entry_page, one.exit_page])].join(' → '))
    );
    const [, happened] = await answer('session', { start: String(list[0].session_start) });
    expect(list[0].exit_page).toBe(happened.filter(({ type }) => type === 'view').at(-1)?.page);
  });

  test('has a calendar whose days narrow everything below, by mouse and by keys', async ({ page, shoot }) => {
    const { user_id } = await somebody(page);
    await openUser(page, String(user_id));
    const [, , , days] = await askAll(page.request, { queryType: 'profile', options: { user: String(user_id) } });
    const busiest = [...days].sort((a, b) => Number(b.events) - Number(a.events))[0];
    const grid = view(page).getByRole('grid', { name: 'Last 26 weeks' });
    await expect(grid.getByRole('button', { disabled: false })).toHaveCount(days.length);
    const day = grid.locator('[data-level="4"]').first();
    await expect(day).toHaveAttribute(
      'aria-label',
      new RegExp(`: ${busiest.sessions} sessions?, ${busiest.events} events`)
    );
    await day.click();
    await expect(day).toHaveAttribute('aria-pressed', 'true');
    await expect(view(page).getByRole('region', { name: 'Sessions' })).toContainText(
      Number(busiest.sessions) === 1 ? '1 session' : `${busiest.sessions} sessions`
    );
    await shoot('user-day');
    await page.reload();
    await expect(day).toHaveAttribute('aria-pressed', 'true');
    await view(page)
      .getByRole('button', { name: /^Remove on / })
      .click();
    await expect(page).not.toHaveURL(/from=/);

    await grid.locator('[tabindex="0"]').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    await expect(grid.locator(':focus')).toHaveAttribute('tabindex', '0');
    await expect(grid.locator('[tabindex="0"]')).toHaveCount(1);
  });

  test('tells how totals compare, and how a session went', async ({ page }) => {
    const { user_id } = await somebody(page);
    await openUser(page, String(user_id));
    const [, totals] = await askAll(page.request, { queryType: 'profile', options: { user: String(user_id) } });
    const views = totals.find(({ total }) => total === 'views')!;
    const note = view(page)
      .locator('header')
      .getByRole('button', { name: /percentile$/ })
      .nth(1);
    await expect(note).toContainText(new RegExp(`^${Math.floor(Number(views.percentile))}(st|nd|rd|th) `));
    await note.focus();
    await expect(page.getByText('as many or fewer').filter({ visible: true })).toBeVisible(); // Grafana 10.1 gives it no role
    const [list] = await askAll(page.request, { queryType: 'sessions', options: { user: String(user_id), limit: 20 } });
    const courses = sessions(page).getByRole('img', { name: /^Course: / });
    await expect(courses).toHaveCount(list.length);
    await expect(courses.first()).toHaveAttribute('aria-label', new RegExp(`^Course: ${list[0].views} views, `));
  });

  test('narrows events to kinds, and tells one of them whole', async ({ page }) => {
    const { user_id } = await somebody(page);
    const options = { user: String(user_id), filter: 'has(type:error)', limit: 1 };
    const [[{ session_start, errors }]] = await askAll(page.request, { queryType: 'sessions', options });
    await openUser(page, String(user_id), { session: String(session_start) });
    const trouble = sessions(page)
      .locator('tbody', { has: page.locator('[aria-expanded=true]') })
      .getByRole('link');
    const leads = new URL((await trouble.getAttribute('href'))!, page.url());
    expect(leads.pathname).toContain('/d/footfall-frustrations');
    expect(leads.searchParams.get('var-filter')).toBe(`user_id:"${user_id}"`);
    expect(leads.searchParams.get('from')).toBe(String(session_start));
    await view(page)
      .getByRole('button', { name: `Errors ${errors}` })
      .click();
    await expect(summaries(page)).toHaveCount(Number(errors));
    await summaries(page).first().click();
    await events(page).getByRole('button', { name: 'JSON' }).click();
    const json = JSON.parse(await events(page).locator('pre').innerText());
    expect(json.type).toBe('error');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await events(page).getByRole('button', { name: 'Copy link' }).click();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).searchParams.get('session')).toBe(String(Date.parse(json.time)));
    await page.goto(link);
    await expect(events(page).locator('[aria-current=true]')).toContainText('error');
  });

  test('finds attributes, and leads to the users of a segment', async ({ page }) => {
    const { user_id } = await somebody(page);
    const segment = `/api/datasources/uid/${DATASOURCE.uid}/resources/segments`;
    const data = { id: 'e2e-user', name: 'E2E user', kind: 'static', list: [user_id] };
    expect((await page.request.post(segment, { data })).ok()).toBe(true);
    try {
      expect((await page.request.post(`${segment}/e2e-user/refresh`)).ok()).toBe(true);
      await openUser(page, String(user_id));
      await view(page).getByText('usr.plan', { exact: true }).hover();
      await view(page).getByRole('button', { name: 'Pin usr.plan to the top' }).click();
      await page.reload();
      await expect(view(page).getByRole('region', { name: 'Attributes' }).locator('dt').first()).toHaveText('usr.plan');
      await view(page).getByRole('button', { name: 'Take usr.plan from the top' }).click();
      await view(page).getByPlaceholder('Search attributes').fill('country');
      await expect(fact(view(page), 'usr.plan')).toBeHidden();
      await expect(fact(view(page), 'Country')).toBeVisible();
      await view(page).getByRole('link', { name: 'in E2E user' }).click();
      await expect(page.getByText(/^1 of /)).toBeVisible();
    } finally {
      await page.request.delete(`${segment}/e2e-user`);
    }
  });

  test('has a range that can be too short, and one for all time', async ({ page, shoot }) => {
    const { user_id } = await somebody(page);
    await openUser(page, String(user_id), LONG_AGO);
    await expect(view(page).getByText('No sessions in this time range')).toBeVisible();
    await shoot('user-no-sessions');
    await view(page).getByRole('button', { name: 'Show all time' }).click();
    const total = number(await fact(view(page).locator('header'), 'Sessions').innerText());
    await expect(view(page).getByText(`${total} session`)).toBeVisible();
  });

  test('shows a session that a link names, wherever it lies', async ({ page }) => {
    const { user_id } = await somebody(page);
    const options = { user: String(user_id), sort: { column: 'views', descending: true }, limit: 1 };
    const [[{ session_start, duration, views }]] = await askAll(page.request, { queryType: 'sessions', options });
    const middle = Number(session_start) + Math.floor(Number(duration) / 2);
    await openUser(page, String(user_id), { ...LONG_AGO, session: String(middle) });
    await expect(view(page).getByRole('table', { name: 'Session of the link' })).toBeVisible();
    await expect(summaries(page).filter({ hasText: 'view' })).toHaveCount(Number(views));

    await openUser(page, String(user_id), { session: '1000' });
    await expect(view(page).getByText('There is no such session any more.')).toBeVisible();
  });

  test('says that there is no such user', async ({ page, shoot }) => {
    await openApp(page, '/users/profile?user=nobody%2Fis%20called%20so');
    await expect(page.getByText('There is no user nobody/is called so')).toBeVisible();
    await shoot('user-nobody');
    await page.getByRole('link', { name: 'See all users' }).click();
    await expect(page.getByRole('table', { name: 'Users' })).toBeVisible();
  });

  test('tells what went wrong and asks again', async ({ page }) => {
    const { user_id } = await somebody(page);
    await page.route('**/api/ds/query*', (route) => route.fulfill({ status: 500, json: { message: 'It broke' } }), {
      times: 1,
    });
    await openApp(page, `/users/profile?user=${user_id}`);
    await expect(view(page).getByRole('alert')).toContainText('It broke');
    await view(page).getByRole('button', { name: 'Try again' }).click();
    await expect(view(page).locator('header h2')).toBeVisible();
    await expect(view(page).getByRole('alert')).toBeHidden();
  });

  test('has nothing that keeps people out', { tag: '@theme' }, async ({ page }) => {
    const { user_id } = await somebody(page);
    await openUser(page, String(user_id));
    await sessions(page).getByRole('button').first().click();
    await expect(events(page)).toBeVisible();
    const scan = new AxeBuilder({ page })
      .include('[data-testid="user view"]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa']);
    const { violations } = await scan.analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  test('is a list of cards on a phone', async ({ page, shoot }) => {
    const { user_id } = await somebody(page);
    await page.setViewportSize({ width: 390, height: 844 });
    await openUser(page, String(user_id));
    await sessions(page).getByRole('button').first().click();
    await expect(events(page)).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await shoot('user-phone');
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

test.describe('a session of 20,000 events', () => {
  const long: Datasource = { type: DATASOURCE.type, uid: 'footfall-e2e-long' };
  test.beforeEach(({ api }) => addStore(api, long, 'Long', process.env.FOOTFALL_LONG_DSN!));
  test.afterEach(({ api }) => removeStore(api, long));

  test('scrolls to its end with few of them there, and opens at any', async ({ page }) => {
    const start = Date.parse('2026-01-10T10:00:00Z');
    const range = { from: '2026-01-01', to: '2026-02-01' };
    await openUser(page, 'long', { ds: long.uid, ...range, session: String(start) });
    const box = view(page).getByRole('region', { name: 'Events' });
    await expect(box.locator('summary').first()).toContainText('/page-a');
    for (let i = 0; i < 40 && (await box.locator('summary', { hasText: '5:33:19' }).count()) === 0; i++) {
      await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
      await page.waitForTimeout(50);
    }
    await expect(box.locator('summary').last()).toContainText('5:33:19');
    expect(await box.locator('summary').count()).toBeLessThan(600);

    await openUser(page, 'long', { ds: long.uid, ...range, session: String(start + 10_000_000) });
    await expect(box.locator('[aria-current=true]')).toContainText('2:46:40');
    await expect(box.locator('[aria-current=true]')).toBeInViewport();
    await view(page).getByRole('button', { name: 'Errors 20' }).click();
    await expect(summaries(page)).toHaveCount(20);
  });
});

test('a user and sessions in panels stand over their queries', async ({ page, theme, shoot }) => {
  const uid = `footfall-e2e-user-panel-${theme}`;
  const { user_id, user_name } = await somebody(page);
  const panel = (id: number, type: string, queryType: string, options: object) => ({
    ...{ id, type: `footfall-${type}-panel`, title: type, datasource: DATASOURCE },
    ...{
      gridPos: { x: 0, y: id * 20, w: 24, h: 20 },
      targets: [{ refId: 'A', datasource: DATASOURCE, queryType, options }],
    },
  });
  const filter = 'has(type:error)';
  const panels = [panel(1, 'sessions', 'sessions', { filter }), panel(2, 'user', 'profile', { user: String(user_id) })];
  await saveDashboard(page, { uid, title: 'Panels', panels });
  await openDashboard(page, uid);
  const list = page.getByTestId('sessions view');
  const rows = list.getByRole('table').locator('tbody');
  const [listed] = await askAll(page.request, { queryType: 'sessions', options: { filter, limit: 20 } });
  expect(listed.length).toBeGreaterThan(5);
  await expect(rows).toHaveCount(listed.length);
  await rows.nth(1).getByRole('button').click();
  await expect(rows.nth(1).getByRole('button', { name: /^Errors / })).toBeVisible();
  await shoot('sessions-panel');
  await page.reload();
  await expect(rows.nth(1).getByRole('button', { name: /^Errors / })).toBeVisible();

  await page.keyboard.press('End');
  const profile = page.getByTestId('user view');
  await profile.scrollIntoViewIfNeeded();
  await expect(profile.getByRole('heading', { name: String(user_name) })).toBeVisible();
  await profile.getByRole('grid').locator('[data-level="4"]').first().click();
  await expect(page).toHaveURL(/ff2\.from=/);
  await expect(profile.locator('[aria-pressed=true]')).toHaveCount(1);
  await shoot('user-panel');
  await profile.getByRole('button', { name: /^Remove on / }).click();
  await expect(page).not.toHaveURL(/ff2\.from=/);
  await deleteDashboard(page, uid);
});

test.describe('users of a second data source', () => {
  const odd: Datasource = { type: DATASOURCE.type, uid: 'footfall-e2e-user' };
  test.beforeEach(({ api }) => addStore(api, odd, 'Odd', process.env.FOOTFALL_ODD_DSN!, { restrictExport: true }));
  test.afterEach(({ api }) => removeStore(api, odd));

  test('are told apart from anonymous visitors of the same id', async ({ page }) => {
    const range = { from: '2026-01-01', to: '2026-02-01' };
    await openUser(page, 'twice', { ds: odd.uid, ...range });
    await expect(view(page).getByRole('heading', { name: 'Known' })).toBeVisible();
    await expect(view(page).getByRole('table', { name: 'Most visited pages' })).toContainText('/p');

    await openUser(page, 'twice', { ds: odd.uid, anonymous: 'true', ...range });
    await expect(view(page).getByText('anonymous visitor')).toBeVisible();
    await expect(view(page).getByRole('table', { name: 'Most visited pages' })).toContainText('/q');

    const id = 'a&user=b%41';
    await openApp(page, `/users/profile?${new URLSearchParams({ ds: odd.uid, user: id, ...range })}`);
    await expect(view(page).getByRole('heading', { name: id })).toBeVisible();
    await expect(sessions(page).getByRole('button')).toHaveCount(1);
  });

  test('have no e-mail for a Viewer where only editors see them', async ({ page, people }) => {
    await openUser(page, 'm-1', { ds: odd.uid });
    await expect(view(page)).toContainText('mailed@secret.example');
    const viewer = await (await people.be('Viewer')).context.newPage();
    await openUser(viewer, 'm-1', { ds: odd.uid });
    await expect(view(viewer).getByRole('heading', { name: 'Mailed' })).toBeVisible();
    await expect(view(viewer).getByText('Only editors see e-mails here')).toBeVisible();
    expect(await viewer.locator('body').innerText()).not.toContain('secret.example');
    await viewer.close();
  });
});
