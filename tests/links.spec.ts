import { expect, test } from './fixtures';
import { openExplore, table } from './host';
import { addStore, type Datasource, removeStore } from './stores';

const ODD: Datasource = { type: 'footfall-analytics-datasource', uid: 'footfall-e2e-odd' };

/** When the one session of each begins. */
const starts: Record<string, string> = {
  Plus: '2026-01-10T10:00:00Z',
  Space: '2026-01-10T10:00:01Z',
  Signs: '2026-01-10T10:00:02Z',
  Percent: '2026-01-10T10:00:03Z',
  Dots: '2026-01-10T10:00:05Z',
  Slashes: '2026-01-10T10:00:06Z',
};

/** Ids hold whatever an application puts into them; a link must lead to that user and to nobody else. */
test.describe('links to users with odd ids', () => {
  test.beforeEach(({ api }) => addStore(api, ODD, 'Odd users', process.env.FOOTFALL_ODD_DSN!));
  test.afterEach(({ api }) => removeStore(api, ODD));

  for (const [name, id] of Object.entries({
    Plus: 'ann+x@example.org',
    Space: 'ann x@example.org',
    Signs: 'a&var-user=b#c?d=e/f\\g',
    Percent: `100%41 ü "q" 'r' <i>{s,t}`,
    Dots: '..',
    Slashes: 'a/b//c?d',
  })) {
    test(`${name} is found from its name, its id and its session`, async ({ page }) => {
      const open = async (queryType: string, options: object, text: RegExp | string) => {
        await openExplore(page, { queryType, options }, ODD, { from: '2026-01-01', to: '2026-02-01' });
        const link = table(page).getByRole('link').filter({ hasText: text }).first();
        await page.goto((await link.getAttribute('href'))!);
        await expect(page.getByRole('heading', { name, exact: true })).toBeVisible();
        await expect(page.getByTestId('user view').getByText(id, { exact: true })).toBeVisible();
      };
      await open('profiles', { columns: ['user_id', 'user_name'], search: name }, name);
      await open('profiles', { columns: ['user_id', 'user_name'], search: name }, id);
      await open('sessions', { filter: `user_name:${name}` }, /2026/);
      expect(new URL(page.url()).searchParams.get('session')).toBe(String(Date.parse(starts[name])));
      await expect(page.getByRole('list', { name: 'Events' })).toContainText('/p');
    });
  }
});
