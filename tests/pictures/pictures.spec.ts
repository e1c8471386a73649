import { expect, type Role, test } from '../fixtures';
import { openApp } from '../host';
import manifest from '../pictures.json';

/** A state of a page: where it is, what tells that it is there, and what is clicked then. */
interface Picture {
  name: string;
  path: string;
  /** Texts that are seen before the picture is taken, and the name of a button, as regular expressions. */
  ready: string;
  click?: string;
  shows?: string;
  role?: Role;
}

const WIDTHS = [1440, 1024, 390];

for (const { name, path, ready, click, shows = ready, role = 'Admin' } of manifest as Picture[]) {
  for (const theme of ['dark', 'light'] as const) {
    test(`${name}, ${theme}`, { tag: '@preview' }, async ({ people }) => {
      const { context } = await people.be(role, theme);
      const page = await context.newPage();
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await openApp(page, path);
        await expect(page.getByText(new RegExp(ready)).first()).toBeVisible();
        if (click) {
          await page
            .getByRole('button', { name: new RegExp(click) })
            .first()
            .click();
          await expect(page.getByText(new RegExp(shows)).first()).toBeVisible();
        }
        const fits = await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
        expect(fits, `${name} is wider than ${width} pixels`).toBe(true);
        await page.screenshot({
          path: `test-results/pictures/${name}-${width}-${theme}.png`,
          animations: 'disabled',
        });
      }
      await page.close();
    });
  }
}
