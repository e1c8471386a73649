import { defineConfig } from '@playwright/test';

import { type Options } from './tests/fixtures';

if (!process.env.FOOTFALL_URL || !['preview', 'grafana'].includes(process.env.FOOTFALL_HOST ?? '')) {
  throw new Error(
    'Set FOOTFALL_URL to where Footfall runs with demo users, for example http://localhost:3000, and FOOTFALL_HOST to ' +
      '"preview" or "grafana", whichever runs there. `go tool mage testE2E` does all of it.'
  );
}

export default defineConfig<object, Options>({
  testDir: 'tests',
  outputDir: 'test-results/playwright',
  // A first page takes long on a machine with two busy cores.
  timeout: 180_000,
  expect: { timeout: 60_000 },
  // One host and one administrator, whose theme the tests change.
  workers: 1,
  reporter: [['list']],
  projects: [
    ...(process.env.FOOTFALL_PICTURES ? [{ name: 'pictures', testDir: 'tests/pictures' }] : []),
    ...(process.env.FOOTFALL_SPEED ? [{ name: 'speed', testDir: 'tests/speed' }] : []),
    { name: 'api', testDir: 'tests/api' },
    { name: 'dark', testIgnore: ['api/**', 'pictures/**', 'speed/**'], use: { theme: 'dark' } },
    {
      name: 'light',
      testIgnore: ['api/**', 'pictures/**', 'speed/**'],
      // A theme changes colours, and nothing that is answered or done.
      grep: /@theme/,
      use: { theme: 'light' },
    },
  ],
  use: {
    baseURL: process.env.FOOTFALL_URL,
    // Tracing makes each test take twice as long; --trace=retain-on-failure turns it on.
    screenshot: 'only-on-failure',
    launchOptions: {
      // Debian's Chromium unless told otherwise: Playwright's own would be a download.
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
      ],
    },
  },
});
