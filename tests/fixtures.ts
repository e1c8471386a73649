import { type APIRequestContext, type BrowserContext, request, test as base } from '@playwright/test';

export interface Options {
  theme: 'dark' | 'light';
}

interface Fixtures {
  /** Saves what the page shows as test-results/screenshots/<name>-<theme>.png. */
  shoot: (name: string) => Promise<void>;
}

interface WorkerFixtures extends Options {
  /** Grafana's HTTP API, as administrator. */
  api: APIRequestContext;
  /** A browser that is logged in as administrator, with the project's theme. */
  visitor: BrowserContext;
}

async function login(context: APIRequestContext) {
  const { GRAFANA_USER: user = 'admin', GRAFANA_PASSWORD: password = 'admin' } = process.env;
  const answer = await context.post('/login', { data: { user, password } });
  if (!answer.ok()) {
    throw new Error(`Grafana refuses the login of ${user}: ${await answer.text()}`);
  }
}

/** Playwright's test with a page that is logged in as administrator and drawn in the project's theme. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  api: [
    async ({}, use) => {
      const context = await request.newContext({ baseURL: process.env.GRAFANA_URL });
      await login(context);
      await use(context);
      await context.dispose();
    },
    { scope: 'worker' },
  ],

  theme: ['dark', { option: true, scope: 'worker' }],

  // One for all tests, so that Grafana's megabytes of scripts are fetched and compiled once.
  visitor: [
    async ({ browser, theme }, use) => {
      const context = await browser.newContext({
        baseURL: process.env.GRAFANA_URL,
        viewport: { width: 1440, height: 900 },
      });
      await login(context.request);
      await context.request.patch('/api/user/preferences', { data: { theme } });
      await use(context);
      await context.close();
    },
    { scope: 'worker' },
  ],

  page: async ({ visitor }, use) => {
    const page = await visitor.newPage();
    await use(page);
    // Grafana keeps its last choices there, which are nothing to the next test.
    await page.goto('/robots.txt');
    await page.evaluate(() => localStorage.clear());
    await page.close();
  },

  shoot: async ({ page, theme }, use) => {
    await use(async (name) => {
      await page.screenshot({ path: `test-results/screenshots/${name}-${theme}.png`, animations: 'disabled' });
    });
  },
});

export { expect } from '@playwright/test';
