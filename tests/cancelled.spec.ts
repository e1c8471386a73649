import postgres from 'postgres';

import { DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { openApp } from './host';
import { addStore, removeStore } from './stores';

const dsn = process.env.FOOTFALL_ODD_DSN!;
// Not so short a timeout that it ends the statement first.
const HELD = { type: DATASOURCE.type, uid: 'footfall-e2e-held' };
const settings = { statementTimeout: 600 };

test.describe('a question that nobody waits for any more', { tag: '@once' }, () => {
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
});
