/**
 * How long pages and dashboards take with many users and events. Not a test of its own: it fails where a page shows no answer,
 * and prints a table for docs/benchmarks.md, where the command stands.
 */
import { type Page } from '@playwright/test';

import { ask } from '../ask';
import { expect, test } from '../fixtures';
import { openApp, openDashboard } from '../host';

const rounds = Number(process.env.FOOTFALL_SPEED);

/** What the browser measured of a page, in ms: until its last answer was there, and each answer's own time. */
interface Opening {
  whole: number;
  answers: number[];
}

/** Waits until a page has all its answers, and one second more without asking. */
async function opened(page: Page): Promise<Opening> {
  const measured = () =>
    page.evaluate(() => {
      const asked = performance
        .getEntriesByType('resource')
        .filter((one) => /\/api\/ds\/query|\/resources\//.test(one.name)) as PerformanceResourceTiming[];
      return {
        ends: Math.max(0, ...asked.map((one) => one.responseEnd)),
        answers: asked.map((one) => one.duration),
        now: performance.now(),
        busy: document.querySelectorAll('[aria-busy=true]').length,
      };
    });
  await expect(async () => {
    const { ends, now, busy } = await measured();
    expect(ends > 0 && busy === 0 && now - ends > 1000).toBe(true);
  }).toPass({ intervals: [500] });
  const { ends, answers } = await measured();
  return { whole: ends, answers };
}

/** The value that a share of them does not exceed. */
function percentile(values: number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]).toLocaleString('en');
}

const places: Record<string, (page: Page, user: string) => Promise<unknown>> = {
  Start: (page) => openApp(page, '/start'),
  Users: (page) => openApp(page, '/users'),
  'Users of a country who viewed /cart': (page) =>
    openApp(page, `/users?q=${encodeURIComponent('last_country:BR has(page:/cart)')}`),
  'One user': (page, user) => openApp(page, `/users/${encodeURIComponent(user)}`),
  Segments: (page) => openApp(page, '/segments'),
  'One segment': (page) => openApp(page, '/segments/cart-dropouts'),
  Pathways: (page) => openApp(page, '/pathways'),
  'Pathways after /cart': (page) => openApp(page, '/pathways?after=%2Fcart'),
  Tables: (page) => openApp(page, '/tables'),
  Overview: (page) => openDashboard(page, 'footfall-overview'),
  Explorer: (page) => openDashboard(page, 'footfall-explorer'),
  Frustrations: (page) => openDashboard(page, 'footfall-frustrations'),
};

test('how long pages take', async ({ page }) => {
  test.setTimeout(0);
  const [{ user_id: user }] = await ask(page, 'profiles', {
    columns: ['user_id'],
    sort: { column: 'events', descending: true },
    limit: 1,
  });
  // Dashboards draw only what is in view.
  await page.setViewportSize({ width: 1440, height: 3000 });
  console.log('| page | opened, p50, ms | p95 | answers | slowest answer, p50, ms | p95 |\n|---|---|---|---|---|---|');
  for (const [name, open] of Object.entries(places)) {
    const openings: Opening[] = [];
    for (let round = 0; round <= rounds; round++) {
      await open(page, String(user));
      const one = await opened(page);
      if (round > 0) {
        openings.push(one);
      }
    }
    const whole = openings.map((one) => one.whole);
    const slowest = openings.map((one) => Math.max(...one.answers));
    console.log(
      `| ${name} | ${percentile(whole, 0.5)} | ${percentile(whole, 0.95)} | ${openings[0].answers.length} | ` +
        `${percentile(slowest, 0.5)} | ${percentile(slowest, 0.95)} |`
    );
  }
});
