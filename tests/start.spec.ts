import AxeBuilder from '@axe-core/playwright';
import postgres from 'postgres';

import { ask, DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { openApp, table } from './host';
import { addStore, removeStore } from './stores';

test('the first page has the pages with a live figure each, and leads to them', async ({ page, api, shoot }) => {
  const resources = `/api/datasources/uid/${DATASOURCE.uid}/resources`;
  const status = await (await api.get(`${resources}/status`)).json();
  const segments: Array<{ name: string; size: number }> = await (await api.get(`${resources}/segments`)).json();
  const [largest] = segments.sort((a, b) => b.size - a.size);
  const [sessions] = await ask(page, 'explorer', {
    over: 'sessions',
    measures: [{ measure: 'count' }],
    format: 'table',
  });
  await openApp(page);
  const places = page.getByRole('navigation', { name: 'What there is to see' });
  const place = (name: string) => places.getByRole('link', { name, exact: true });

  await expect(place('Users')).toContainText(`${status.users.toLocaleString('en')} users`);
  for (const name of ['Sessions', 'Pathways']) {
    await expect(place(name)).toContainText(`${Number(Object.values(sessions)[0]).toLocaleString('en')} sessions`);
  }
  await expect(place('Segments')).toContainText(`${largest.name}: ${largest.size.toLocaleString('en')}`);
  const tables: object[] = await (await api.get(`${resources}/tables`)).json();
  await expect(place('Tables')).toContainText(tables.length === 1 ? '1 table' : `${tables.length} tables`);
  for (const name of ['Overview', 'Explorer', 'Frustrations']) {
    const dashboard = new RegExp(`/d/footfall-${name.toLowerCase()}\\?var-datasource=${DATASOURCE.uid}`);
    await expect(place(name)).toHaveAttribute('href', dashboard);
  }
  await expect(page.getByText(/^Worker: .* Events: /)).toBeVisible();
  await shoot('start');

  await page.getByRole('button', { name: 'Show the steps' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Database:' })).toContainText('done');
  await shoot('start-steps');

  await place('Users').click();
  await expect(page).toHaveURL(/\/a\/footfall-analytics-app\/users/);
  await expect(table(page)).toBeVisible();
});

for (const name of ['Pathways', 'Sessions']) {
  test(`the sessions that the first page counts are those of ${name}`, async ({ page }) => {
    await openApp(page);
    const place = page
      .getByRole('navigation', { name: 'What there is to see' })
      .getByRole('link', { name, exact: true });
    await expect(place).toContainText(/\d sessions/);
    const [figure] = (await place.innerText()).match(/[\d,]+ sessions/)!;
    await place.click();
    await expect(page).toHaveURL(new RegExp(`/${name.toLowerCase()}\\?`));
    await expect(page.getByText(figure).first()).toBeVisible();
  });
}

test('the first page leads to the settings of the datasource', async ({ page }) => {
  await openApp(page);

  await page.getByRole('link', { name: 'Settings', exact: true }).click();
  await expect(page.getByLabel('Host URL')).toBeVisible();
});

test('the first page keeps nobody out', { tag: '@theme' }, async ({ page }) => {
  await openApp(page);
  await expect(page.getByText('came in the last 30 days')).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .include('[data-testid="start view"]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test('a Viewer is told nothing of where the store is', async ({ people }) => {
  const { context } = await people.be('Viewer');
  const page = await context.newPage();
  await openApp(page);
  await expect(page.getByText('came in the last 30 days')).toBeVisible();
  await expect(page.getByText("--dsn 'postgres://footfall_writer@HOST:5432/DATABASE'")).toBeVisible();
  await expect(page.getByRole('link', { name: 'Settings', exact: true })).toBeHidden();
  await page.close();
});

test.describe('of a store without events', () => {
  const dsn = process.env.FOOTFALL_EMPTY_DSN!;
  const empty = { type: DATASOURCE.type, uid: 'footfall-e2e-start' };
  const sql = postgres(dsn, { max: 1 });
  test.beforeEach(({ api }) => addStore(api, empty, 'New shop', dsn));
  test.afterEach(({ api }) => removeStore(api, empty));
  test.afterAll(() => sql.end());

  test('the first page says what comes next, and its command sends a first event', async ({ page, shoot }) => {
    await openApp(page, `?ds=${empty.uid}`);
    await expect(page.getByRole('heading', { name: 'Set up New shop' })).toBeVisible();
    const step = page.getByRole('listitem').filter({ hasText: 'none yet. Send some' });
    await expect(step).toContainText('next');
    await expect(page.getByRole('navigation', { name: 'What there is to see' })).toBeHidden();
    await shoot('start-empty');

    await page.getByText('Application', { exact: true }).click({ force: true }); // Grafana 10.1 hides the radio button itself
    const command = await page.getByLabel('One event').first().innerText();
    const { host, pathname, password } = new URL(dsn);
    expect(command).toContain(`psql 'postgres://footfall_writer@${host}${pathname}' <<'SQL'`);
    expect(await page.getByTestId('start view').innerText()).not.toContain(decodeURIComponent(password));
    try {
      await sql.unsafe(command.split("<<'SQL'\n")[1].split('\nSQL')[0]);
      await page.getByRole('button', { name: 'Test again' }).click();
      await expect(page.getByText('Wait for the worker')).toBeVisible();
      const [{ type, usr_id }] = await sql`select type, usr_id from footfall.inbox`;
      expect({ type, usr_id }).toEqual({ type: 'view', usr_id: 'ann' });
    } finally {
      await sql`delete from footfall.inbox`;
    }
  });
});

test('what is wrong with the connection is said where it is set', async ({ page, api }) => {
  const wrong = { type: DATASOURCE.type, uid: 'footfall-e2e-wrong' };
  const dsn = new URL(process.env.FOOTFALL_EMPTY_DSN!);
  dsn.pathname = '/nothing_of_that_name';
  await addStore(api, wrong, 'Lost shop', dsn.href);
  await openApp(page, `?ds=${wrong.uid}`);
  const step = page.getByRole('listitem').filter({ hasText: 'Database:' });
  await expect(step).toContainText('next');
  await expect(step).toContainText(/nothing_of_that_name.* does not exist/);
  await expect(page.getByRole('link', { name: 'Settings', exact: true })).toBeVisible();
  await removeStore(api, wrong);
});
