import { type Page } from '@playwright/test';

import { DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { openApp, openSettings } from './host';
import { addStore, removeStore } from './stores';

/** Grafana calls the button "Test" where the datasource is provisioned read-only. */
const saveAndTest = (page: Page) => page.getByRole('button', { name: /^(Save & test|Test)$/i });

test('"Save & test" finds the store', async ({ page, shoot }) => {
  await openSettings(page, 'footfall');
  await expect(page.getByLabel(/^Database/)).not.toHaveValue('');

  await saveAndTest(page).click();

  const answer = page.getByTestId('data-testid Alert success');
  await expect(answer).toBeVisible();
  await answer.scrollIntoViewIfNeeded();
  await shoot('settings-tested');
  await page.getByLabel('Host URL').scrollIntoViewIfNeeded();
  await shoot('settings');
});

test.describe('a datasource with a broken setting', () => {
  const uid = 'footfall-e2e-broken';

  test.beforeEach(async ({ page }) => {
    await page.request.delete(`/api/datasources/uid/${uid}`);
    const created = await page.request.post('/api/datasources', {
      data: {
        uid,
        name: 'Footfall, broken',
        type: 'footfall-analytics-datasource',
        access: 'proxy',
        url: 'localhost:5432',
        user: 'footfall',
        jsonData: { database: 'footfall', sslmode: 'disable', connectTimeout: 3 },
      },
    });
    expect(created.ok(), await created.text()).toBe(true);
  });

  test.afterEach(async ({ page }) => {
    await page.request.delete(`/api/datasources/uid/${uid}`);
  });

  test('says what is wrong with it', async ({ page, shoot }) => {
    await openSettings(page, uid);
    await page.getByLabel('Host URL').fill('127.0.0.1:1');

    await saveAndTest(page).click();

    const answer = page.getByTestId('data-testid Alert error');
    await expect(answer).toContainText('127.0.0.1:1');
    await answer.scrollIntoViewIfNeeded();
    await shoot('settings-broken');
  });
});

test.describe('a data source of traces', () => {
  const [ours, traces] = [
    { type: DATASOURCE.type, uid: 'footfall-e2e-traced' },
    { type: 'tempo', uid: 'footfall-e2e-traces' },
  ];
  const [event, id] = [Date.parse('2026-01-10T10:00:00Z'), '4bf92f3577b34da6a3ce929d0e0e4736'];
  const user = { ds: ours.uid, user: 'ann+x@example.org', session: String(event) };

  test.beforeEach(async ({ api }) => {
    await addStore(api, ours, 'Traced', process.env.FOOTFALL_ODD_DSN!);
    await removeStore(api, traces);
    const data = { ...traces, name: 'Where traces are', access: 'proxy', url: 'http://127.0.0.1:1' };
    const created = await api.post('/api/datasources', { data });
    expect(created.ok(), await created.text()).toBe(true);
  });

  test.afterEach(async ({ api }) => {
    await removeStore(api, ours);
    await removeStore(api, traces);
  });

  /** Opens the event of the session that has a trace. */
  async function openEvent(page: Page) {
    await openApp(page, `/users/profile?${new URLSearchParams(user)}`);
    const first = page.getByRole('list', { name: 'Events' }).locator('details').first();
    await first.locator('summary').click();
    await expect(first.getByText(id)).toBeVisible();
    return first;
  }

  test('is chosen, and leads from an event to its trace', async ({ page, shoot }) => {
    const before = await openEvent(page);
    await expect(before.getByRole('link', { name: 'Show trace' })).toHaveCount(0);

    await openSettings(page, ours.uid);
    // Grafana's picker has a name of its own.
    await page.locator('#footfall-tracingDatasourceUid').click();
    await page.getByText('Where traces are', { exact: true }).last().click();
    await page.getByLabel(/^Trace id/).fill('trace-id');
    await saveAndTest(page).click();
    await expect(page.getByTestId('data-testid Alert success')).toContainText('no event has the attribute "trace-id"');
    await page.getByLabel(/^Trace id/).fill('');
    // Grafana 10.1 sees no change in settings that were saved in the same second.
    await expect(async () => {
      await saveAndTest(page).click();
      await expect(page.getByTestId('data-testid Alert success')).not.toContainText('warning', { timeout: 2000 });
    }).toPass();
    await page.getByLabel(/^Trace id/).scrollIntoViewIfNeeded();
    await shoot('settings-traces');

    const link = (await openEvent(page)).getByRole('link', { name: 'Show trace' });
    await link.scrollIntoViewIfNeeded();
    await shoot('event-trace');
    const address = new URL((await link.getAttribute('href'))!, page.url());
    expect(address.pathname).toMatch(/\/explore$/);
    expect(address.searchParams.get('schemaVersion')).toBe('1');
    const [pane] = Object.values(JSON.parse(address.searchParams.get('panes')!));
    expect(pane).toEqual({
      datasource: traces.uid,
      queries: [{ refId: 'A', datasource: traces, queryType: 'traceql', query: id }],
      range: { from: String(event - 1_800_000), to: String(event + 1_800_000) },
    });
  });
});
