import { test as base } from '@playwright/test';

export interface Options {
  theme: 'dark' | 'light';
}

interface Fixtures extends Options {
  /** Saves what the page shows as test-results/screenshots/<name>-<theme>.png. */
  shoot: (name: string) => Promise<void>;
}

/** Playwright's test with a page that is logged in as administrator and drawn in the project's theme. */
export const test = base.extend<Fixtures>({
  theme: ['dark', { option: true }],

  page: async ({ page, theme }, use) => {
    const { GRAFANA_USER: user = 'admin', GRAFANA_PASSWORD: password = 'admin' } = process.env;
    const login = await page.request.post('/login', { data: { user, password } });
    if (!login.ok()) {
      throw new Error(`Grafana refuses the login of ${user}: ${await login.text()}`);
    }
    await page.request.patch('/api/user/preferences', { data: { theme } });
    await use(page);
  },

  shoot: async ({ page, theme }, use) => {
    await use(async (name) => {
      await page.screenshot({ path: `test-results/screenshots/${name}-${theme}.png`, animations: 'disabled' });
    });
  },
});

export { expect } from '@playwright/test';
