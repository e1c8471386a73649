import AxeBuilder from '@axe-core/playwright';
import { type Locator, type Page } from '@playwright/test';

import explorer from '../src/dashboards/explorer.json';
import frustrations from '../src/dashboards/frustrations.json';
import overview from '../src/dashboards/overview.json';

import { expect, test } from './fixtures';
import { askAll } from './ask';
import { column, openDashboard, panel, setVariable } from './host';

/** Panels say what variables choose: the title as it is shown at first. */
function titlesOf({ panels, templating }: Bundled): string[] {
  const chosen = (name: string) => templating.list.find((one) => one.name === name)?.current?.text;
  return panels
    .filter(({ title }) => title)
    .map(({ title }) => title.replace(/\$\{(\w+):text\}/g, (_, name) => String(chosen(name))));
}

interface Bundled {
  uid: string;
  title: string;
  panels: Array<{ title: string }>;
  templating: { list: Array<{ name: string; current?: { text?: unknown } }> };
}

const BUNDLED: Bundled[] = [overview, explorer, frustrations];

/** Dashboards draw only what is in view. */
const TALL = { width: 1440, height: 2600 };

/** A link of a panel: the number it stands at, and where it leads. */
interface Found {
  text: string;
  href: string;
}

/** The number that a link stands at, below its name where there is one. */
function numberIn({ text }: Found): number | undefined {
  const last = text.split('\n').at(-1)!.replaceAll(',', '');
  return /^\d+$/.test(last) ? Number(last) : undefined;
}

/** One link of each panel to each kind of target, of those whose list shows all. */
async function linksOf(place: Locator): Promise<Found[]> {
  const all = await place
    .getByRole('link')
    .evaluateAll((links) =>
      links.map((link) => ({ text: (link as HTMLElement).innerText.trim(), href: (link as HTMLAnchorElement).href }))
    );
  const kinds = new Map<string, Found>();
  for (const found of all) {
    const { pathname, searchParams } = new URL(found.href);
    const kind = `${pathname} ${searchParams.get('viewPanel')} ${[...searchParams.keys()].length}`;
    const number = numberIn(found);
    if (number === undefined || (number > 0 && number <= 500)) {
      kinds.set(kind, kinds.get(kind) ?? found);
    }
  }
  return [...kinds.values()];
}

/** Opens what a number leads to, and wants as many of them there. */
async function expectAsMany(page: Page, found: Found) {
  const number = numberIn(found);
  await page.goto(found.href);
  const { pathname, searchParams } = new URL(found.href);
  if (pathname.endsWith('/users')) {
    await expect(page.getByText(new RegExp(`^${number}( of [\\d,]+)? users`)).first()).toBeVisible();
  } else if (pathname.endsWith('/sessions')) {
    await expect(
      page.getByText(number === undefined ? /^[\d,]+ sessions?$/ : new RegExp(`^${number} sessions?$`))
    ).toBeVisible();
  } else if (searchParams.has('viewPanel')) {
    await expect(panel(page, 'Events')).toContainText(new RegExp(`count\\s*${number ?? '[1-9]'}`, 'i'));
  } else if (pathname.startsWith('/d/')) {
    await expect(page.getByText('Footfall /').first()).toBeVisible();
  } else {
    await expect(page.getByText(/There is no|was not answered|Not found/)).toHaveCount(0);
  }
}

for (const dashboard of BUNDLED) {
  test.describe(dashboard.title, () => {
    test('shows something in each panel, also to Viewers', async ({ people, theme }) => {
      const { context } = await people.be('Viewer', theme);
      const page = await context.newPage();
      await page.setViewportSize(TALL);
      const failed: string[] = [];
      page.on('response', async (response) => {
        if (response.url().includes('/api/ds/query') && !response.ok()) {
          failed.push(await response.text());
        }
      });
      await openDashboard(page, dashboard.uid);
      for (const title of titlesOf(dashboard)) {
        await expect(panel(page, title)).toBeVisible();
        await expect(panel(page, title)).not.toContainText(/^$/);
      }
      // Of the demo's frustrations none is new.
      const seen = page.getByTestId(/Panel header (?!New since last week)/);
      await expect(seen.getByText(/No data|Nothing in this time/)).toHaveCount(0);
      await expect(page.getByTestId('data-testid Panel status error')).toHaveCount(0);
      expect(failed).toEqual([]);
      await page.close();
    });

    test('has no barriers', { tag: '@theme' }, async ({ page, shoot }) => {
      await page.setViewportSize(TALL);
      await openDashboard(page, dashboard.uid);
      for (const title of titlesOf(dashboard)) {
        await expect(panel(page, title)).toBeVisible();
      }
      await shoot(dashboard.uid);
      const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']);
      const { violations } = await axe.include('[data-testid^="data-testid Panel header"]').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
    });

    test('leads from each number to as many', async ({ page }) => {
      test.setTimeout(600_000);
      await page.setViewportSize(TALL);
      await openDashboard(page, dashboard.uid);
      const found: Found[] = [];
      for (const title of titlesOf(dashboard)) {
        await expect(panel(page, title)).toBeVisible();
      }
      // Grafana 10.1 calls all of them "Data link".
      await expect(
        page
          .getByRole('link')
          .filter({ hasText: /^[\d,]+$/ })
          .first()
      ).toBeVisible();
      for (const title of titlesOf(dashboard)) {
        found.push(...(await linksOf(panel(page, title))));
      }
      expect(found.length).toBeGreaterThan(5);
      for (const one of found) {
        await test.step(`${one.text}: ${one.href}`, () => expectAsMany(page, one));
      }
    });
  });
}

interface Answer {
  results: { A: { frames: Array<{ schema: { meta: { custom: { to: number } } }; data: { values: number[][] } }> } };
}

test("Overview's lines end with the last whole day", async ({ page }) => {
  const asked = page.waitForResponse(
    (response) => response.url().includes('/api/ds/query') && (response.request().postData() ?? '').includes('active28')
  );
  await openDashboard(page, overview.uid);
  const { results }: Answer = await (await asked).json();
  const { schema, data } = results.A.frames[0];
  const { to } = schema.meta.custom;
  const [days, active] = [data.values[0].at(-1)!, data.values[1].at(-1)!];
  const today = await page.evaluate(() => new Date().setHours(0, 0, 0, 0));
  expect({ days: new Date(days), to: new Date(to) }).toEqual({
    days: new Date(today - 86_400_000),
    to: new Date(today),
  });

  const search = new URLSearchParams({ q: `has(session_start:>=${days})`, from: String(days), to: String(to) });
  await expectAsMany(page, {
    text: String(active),
    href: new URL(`/a/footfall-analytics-app/users?${search}`, page.url()).href,
  });
});

test('each of the worst pages and actions leads to a session where it happened', async ({ page }) => {
  await page.setViewportSize(TALL);
  for (const [title, kind, attribute] of [
    ['Worst pages: click to see their sessions below', 'Page', 'page'],
    ['Worst actions: click to see their sessions below', 'Action', 'name'],
  ]) {
    await openDashboard(page, frustrations.uid);
    const place = panel(page, title);
    const [[worst], [met]] = [await column(place, kind), await column(place, 'Latest session')];
    await place.getByRole('link').filter({ hasText: met }).first().click();
    await expect(page).toHaveURL(/[?&]session=\d+/);
    await expect(page.getByRole('list', { name: 'Events' })).toBeVisible();

    const { searchParams } = new URL(page.url());
    const [user, start] = [searchParams.get('user')!, searchParams.get('session')!];
    const [, events] = await askAll(page.request, { queryType: 'session', options: { user, start } });
    const there = events.filter((event) => event.time === Number(start) && event[attribute] === worst);
    expect(there.map(({ frustration }) => Boolean(frustration))).toContain(true);
  }
});

test('a page of Frustrations narrows the sessions to look at', async ({ page }) => {
  await page.setViewportSize(TALL);
  await openDashboard(page, frustrations.uid);
  await panel(page, 'Worst pages: click to see their sessions below')
    .getByRole('link')
    .filter({ hasText: /^\/cart$/ })
    .click();
  await expect(page.getByLabel('Page', { exact: true })).toHaveValue('/cart');
  await expect(page).toHaveURL(/var-page=%2Fcart|var-page=\/cart/);
  const sessions = panel(page, 'Sessions to look at').getByRole('link');
  await expect(sessions.first()).toBeVisible();
  // A Grafana that still takes over the variables of the link may put the field back.
  await expect(async () => {
    await setVariable(page, 'Page', '/nowhere');
    await expect(sessions).toHaveCount(0, { timeout: 20_000 });
  }).toPass();
});
