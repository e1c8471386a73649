import {
  type APIRequestContext,
  type BrowserContext,
  chromium,
  expect,
  type LaunchOptions,
  request,
  test as base,
} from '@playwright/test';

import { isPreview } from './host';

export type Role = 'Admin' | 'Editor' | 'Viewer';

export interface Options {
  theme: 'dark' | 'light';
}

interface Fixtures {
  /** Saves what the page shows as test-results/screenshots/<name>-<theme>.png. */
  shoot: (name: string) => Promise<void>;
}

interface WorkerFixtures extends Options {
  /** The host's HTTP API, as administrator. */
  api: APIRequestContext;
  people: People;
  /** A browser of an administrator, with the project's theme. */
  visitor: BrowserContext;
}

/** Somebody of a role. */
export interface Person {
  login: string;
  context: BrowserContext;
}

/** Makes somebody of each role on demand: users who log in on a Grafana, a switch on the preview. */
export interface People {
  be: (role: Role, theme?: Options['theme']) => Promise<Person>;
}

const PASSWORD = 'only-for-this-test';
const baseURL = process.env.FOOTFALL_URL;

/**
 * A browser with a profile on disk: one without keeps no compiled scripts, and takes three times as long for each page.
 */
async function newContext(launch: LaunchOptions) {
  return chromium.launchPersistentContext('', { ...launch, baseURL, viewport: { width: 1440, height: 900 } });
}

async function login(context: APIRequestContext, user: string, password: string) {
  const answer = await context.post('/login', { data: { user, password } });
  if (!answer.ok()) {
    throw new Error(`Grafana refuses the login of ${user}: ${await answer.text()}`);
  }
}

const admin = () => ({ user: process.env.GRAFANA_USER ?? 'admin', password: process.env.GRAFANA_PASSWORD ?? 'admin' });

async function onPreview(launch: LaunchOptions, role: Role, theme: string): Promise<Person> {
  const context = await newContext(launch);
  const cookies = { preview_role: role, preview_theme: theme };
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: baseURL })));
  return { login: role.toLowerCase(), context };
}

async function onGrafana(launch: LaunchOptions, api: APIRequestContext, role: Role, theme: string): Promise<Person> {
  const context = await newContext(launch);
  let { user, password } = admin();
  if (role !== 'Admin') {
    [user, password] = [`e2e-${role.toLowerCase()}`, PASSWORD];
    await createUser(api, user, role);
  }
  await login(context.request, user, password);
  await context.request.patch('/api/user/preferences', { data: { theme } });
  return { login: user, context };
}

async function createUser(api: APIRequestContext, user: string, role: Role) {
  const found = await api.get(`/api/users/lookup?loginOrEmail=${user}`);
  if (found.ok()) {
    return;
  }
  const data = { name: user, login: user, email: `${user}@example.org`, password: PASSWORD };
  const created = await api.post('/api/admin/users', { data });
  expect(created.ok(), await created.text()).toBe(true);
  const { id } = await created.json();
  const changed = await api.patch(`/api/org/users/${id}`, { data: { role } });
  expect(changed.ok(), await changed.text()).toBe(true);
}

/** Playwright's test with a page of an administrator, drawn in the project's theme. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  api: [
    async ({}, use) => {
      const context = await request.newContext({ baseURL });
      if (!isPreview) {
        const { user, password } = admin();
        await login(context, user, password);
      }
      await use(context);
      await context.dispose();
    },
    { scope: 'worker' },
  ],

  theme: ['dark', { option: true, scope: 'worker' }],

  people: [
    async ({ launchOptions, api }, use) => {
      const known = new Map<string, Promise<Person>>();
      const make = (role: Role, theme: string) =>
        isPreview ? onPreview(launchOptions, role, theme) : onGrafana(launchOptions, api, role, theme);
      await use({
        be: (role, theme = 'dark') => {
          const key = `${role}, ${theme}`;
          known.set(key, known.get(key) ?? make(role, theme));
          return known.get(key)!;
        },
      });
      for (const person of known.values()) {
        await (await person).context.close();
      }
    },
    { scope: 'worker' },
  ],

  // One for all tests, so that megabytes of scripts are fetched and compiled once.
  visitor: [
    async ({ people, theme }, use) => {
      await use((await people.be('Admin', theme)).context);
    },
    { scope: 'worker' },
  ],

  page: async ({ visitor }, use) => {
    const page = await visitor.newPage();
    await use(page);
    // Grafana keeps its last choices there, which are nothing to the next test.
    await page.goto('/api/health');
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
