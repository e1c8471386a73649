import postgres from 'postgres';

import { DATASOURCE } from './ask';
import { add, shownSize } from './builder';
import { expect, test } from './fixtures';
import { choose, openApp } from './host';
import { addStore, removeStore } from './stores';

const dsn = process.env.FOOTFALL_ODD_DSN!;
// Not so short a timeout that it ends the statement first.
const HELD = { type: DATASOURCE.type, uid: 'footfall-e2e-held' };
const settings = { statementTimeout: 600 };

test.describe('a question that nobody waits for any more', () => {
  const sql = postgres(dsn, { max: 2 });

  test.beforeEach(({ api }) => addStore(api, HELD, 'Held', dsn, settings));
  test.afterEach(({ api }) => removeStore(api, HELD));
  test.afterAll(() => sql.end());

  /** Statements that wait for a lock: who runs it, and since when. */
  const waiting = async (): Promise<string[]> =>
    (
      await sql`
        select pid || ' ' || query_start as statement
          from pg_stat_activity
         where datname = current_database() and state = 'active' and wait_event_type = 'Lock'`
    ).map(({ statement }) => statement);

  test('ends in the database, and the next one is answered', async ({ page }) => {
    const list = page.getByRole('table', { name: 'Users', exact: true });
    const filter = page.getByRole('combobox', { name: 'Filter' });
    const narrow = async (text: string) => {
      await filter.fill(text);
      await filter.press('Enter');
    };
    await openApp(page, `/users?ds=${HELD.uid}`);
    await expect(list).toBeVisible();

    const lock = await sql.reserve();
    await lock`begin`;
    await lock`lock table footfall.profiles in access exclusive mode`;
    try {
      await narrow('user_name:Plus');
      await expect.poll(waiting).not.toEqual([]);
      const first = await waiting();
      await page.getByRole('button', { name: 'Remove User name: Plus' }).click();
      await narrow('user_name:Space');
      await expect.poll(async () => (await waiting()).filter((one) => first.includes(one))).toEqual([]);
      await expect.poll(waiting).not.toEqual([]);
    } finally {
      await lock`rollback`;
      lock.release();
    }
    await expect(list).toContainText('ann x@example.org');
    await expect(list).not.toContainText('ann+x@example.org');
  });

  for (const together of ['three people', 'one person with three pages']) {
    test(`of ${together} who type at once is none refused`, async ({ page, people }) => {
      const others =
        together === 'three people'
          ? [await people.be('Editor'), await people.be('Viewer')].map(({ context }) => context)
          : [page.context(), page.context()];
      const pages = [page, ...(await Promise.all(others.map((context) => context.newPage())))];
      const statuses: number[] = [];
      for (const one of pages) {
        one.on('response', (answer) => answer.url().includes('segments/preview') && statuses.push(answer.status()));
        await openApp(one, `/segments/-?ds=${HELD.uid}`);
        await add(one, 'have an attribute');
        await choose(one, 'Attribute', 'Sessions');
        await choose(one, 'How it compares', 'is at least');
      }
      const type = (text: string) =>
        Promise.all(pages.map((one) => one.getByLabel('Value', { exact: true }).fill(text)));
      await type('1');
      await expect.poll(async () => Math.min(...(await Promise.all(pages.map(shownSize))))).toBeGreaterThan(0);

      const lock = await sql.reserve();
      await lock`begin`;
      await lock`lock table footfall.profiles in access exclusive mode`;
      try {
        await type('2');
        await expect.poll(async () => (await waiting()).length).toBe(pages.length);
        const first = await waiting();
        await type('1000');
        await expect
          .poll(async () => (await waiting()).filter((now) => !first.includes(now)).length)
          .toBe(pages.length);
        expect((await waiting()).filter((now) => first.includes(now))).toEqual([]);
      } finally {
        await lock`rollback`;
        lock.release();
      }
      for (const one of pages) {
        await expect.poll(() => shownSize(one)).toBe(0);
        await expect(one.getByRole('alert')).toHaveCount(0);
      }
      expect(statuses.filter((status) => status >= 400 && status !== 409)).toEqual([]);
      await Promise.all(pages.slice(1).map((one) => one.close()));
    });
  }
});
