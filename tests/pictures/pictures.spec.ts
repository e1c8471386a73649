import { type Page } from '@playwright/test';

import { DATASOURCE } from '../ask';
import { expect, type Role, test } from '../fixtures';
import { openApp } from '../host';
import manifest from '../pictures.json';

/** A state of a page or dashboard: where it is, what tells that it is there, and what is clicked then. */
interface Picture {
  name: string;
  path: string;
  /** Texts that are seen before the picture is taken, and the name of a button, as regular expressions. */
  ready: string;
  /** The text of a CSV file that is chosen. */
  file?: string;
  click?: string;
  shows?: string;
  role?: Role;
  /** Of the window; dashboards draw only what is in it. */
  height?: number;
}

const WIDTHS = [1440, 1024, 390];

/** A table for those about tables; the demo has none. */
const TABLE = `/api/datasources/uid/${DATASOURCE.uid}/resources/tables`;
test.beforeAll(async ({ api }) => {
  await api.post(`${TABLE}?name=premium&key=user_id&file=premium.csv`, {
    data: 'user_id,tier,seats\nuser-00007,gold,3\nuser-00008,silver,1\nuser-00009,gold,12\nnobody,gold,1\n,gold,1\n',
  });
});
test.afterAll(async ({ api }) => {
  await api.delete(`${TABLE}/premium`);
});

/** Clicks a button, or what is in the menu in its place where there is no room for it. */
async function press(page: Page, name: RegExp) {
  const button = page.getByRole('button', { name }).first();
  const more = page.getByRole('button', { name: 'More', exact: true }).last();
  if ((await more.isVisible()) && !(await button.isVisible())) {
    await more.click();
    await page.getByRole('menuitem', { name }).click();
    return;
  }
  await button.click();
}

for (const { name, path, ready, file, click, shows = ready, role = 'Admin', height = 900 } of manifest as Picture[]) {
  for (const theme of ['dark', 'light'] as const) {
    test(`${name}, ${theme}`, { tag: '@preview' }, async ({ people }) => {
      const { context } = await people.be(role, theme);
      const page = await context.newPage();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height });
        await (path.startsWith('/d/') ? page.goto(path) : openApp(page, path));
        await expect(page.getByText(new RegExp(ready)).first()).toBeVisible();
        if (file !== undefined) {
          const upload = { name: 'Premium of 2026.csv', mimeType: 'text/csv', buffer: Buffer.from(file) };
          await page.getByLabel('Choose a file').setInputFiles(upload);
          await expect(page.getByText('Rows in the file')).toBeVisible();
        }
        if (click) {
          await press(page, new RegExp(click));
        }
        await expect(page.getByText(new RegExp(shows)).first()).toBeVisible();
        const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
        expect(fits, `${name} is wider than ${width} pixels`).toBe(true);
        await page.waitForLoadState('networkidle'); // icons come one by one
        await page.screenshot({
          path: `test-results/pictures/${name}-${width}-${theme}.png`,
          animations: 'disabled',
        });
      }
      await page.close();
    });
  }
}
