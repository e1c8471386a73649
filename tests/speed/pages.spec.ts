/**
 * How long pages and dashboards take with many users and events. Not a test of its own: it fails where a page shows no answer,
 * and prints a table for docs/benchmarks.md, where the command stands.
 */
import { type Page, type Request } from '@playwright/test';

import { ask } from '../ask';
import { expect, test } from '../fixtures';
import { openApp, openDashboard } from '../host';

const rounds = Number(process.env.FOOTFALL_SPEED);

/** How long a page took, in ms: until its last answer was there, and each answer's own time. */
interface Opening {
  whole: number;
  answers: number[];
}

/** Opens a page, and waits until it has all its answers and asked nothing for a second. */
async function opened(page: Page, open: () => Promise<unknown>): Promise<Opening> {
  const began = Date.now();
  const waiting = new Map<Request, number>();
  const opening: Opening = { whole: 0, answers: [] };
  let quietSince = began;
  const asks = (request: Request) => {
    if (/\/api\/ds\/query|\/resources\//.test(request.url())) {
      waiting.set(request, Date.now());
    }
  };
  const ends = (request: Request) => {
    const asked = waiting.get(request);
    if (asked !== undefined) {
      waiting.delete(request);
      quietSince = Date.now();
      opening.whole = quietSince - began;
      opening.answers.push(quietSince - asked);
    }
  };
  page.on('request', asks).on('requestfinished', ends).on('requestfailed', ends);
  await open();
  await expect(async () => {
    const busy = await page.locator('[aria-busy=true]').count();
    expect(opening.answers.length > 0 && waiting.size === 0 && busy === 0 && Date.now() - quietSince > 1000).toBe(true);
  }).toPass({ intervals: [250] });
  page.off('request', asks).off('requestfinished', ends).off('requestfailed', ends);
  return opening;
}

/** The value that a share of them does not exceed. */
function percentile(values: number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]).toLocaleString('en');
}

type Open = (page: Page, user: string) => Promise<unknown>;

const pages: Record<string, Open> = {
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
};

/** Names, heights of the window and how they are opened. Dashboards draw, and ask, only what is in view. */
const places: Array<[string, number, Open]> = [
  ...Object.entries(pages).map(([name, open]): [string, number, Open] => [name, 3000, open]),
  ...['Overview', 'Explorer', 'Frustrations'].flatMap((name): Array<[string, number, Open]> => {
    const open: Open = (page) => openDashboard(page, `footfall-${name.toLowerCase()}`);
    return [
      [`${name}, what a screen shows at first`, 900, open],
      [name, 3000, open],
    ];
  }),
];

test('how long pages take', async ({ page }) => {
  test.setTimeout(0);
  const [{ user_id: user }] = await ask(page, 'profiles', {
    columns: ['user_id'],
    sort: { column: 'events', descending: true },
    limit: 1,
  });
  console.log('| page | opened, p50, ms | p95 | answers | slowest answer, p50, ms | p95 |\n|---|---|---|---|---|---|');
  for (const [name, height, open] of places) {
    await page.setViewportSize({ width: 1440, height });
    const openings: Opening[] = [];
    for (let round = 0; round <= rounds; round++) {
      const one = await opened(page, () => open(page, String(user)));
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
