import { type APIRequestContext, request, test as base } from '@playwright/test';

export interface Options {
  theme: 'dark' | 'light';
}

interface Fixtures extends Options {
  /** Saves what the page shows as test-results/screenshots/<name>-<theme>.png. */
  shoot: (name: string) => Promise<void>;
}

interface WorkerFixtures {
  /** Grafana's HTTP API, as administrator. */
  api: APIRequestContext;
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

  theme: ['dark', { option: true }],

  page: async ({ page, theme }, use) => {
    await login(page.request);
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
