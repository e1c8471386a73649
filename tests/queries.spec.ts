import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';

import { ask, DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { choose, column, deleteDashboard, openDashboard, openExplore, saveDashboard } from './host';

/** Every query type as the editor names it, and what must be filled in before it can be answered. */
const TYPES: Array<{ queryType: string; label: string; fill?: (page: Page) => Promise<void> }> = [
  { queryType: 'profiles', label: 'Users' },
  { queryType: 'profile', label: 'User', fill: fillUser },
  { queryType: 'topPages', label: 'Top pages' },
  { queryType: 'topActions', label: 'Top actions' },
  { queryType: 'sessions', label: 'Sessions' },
  { queryType: 'session', label: 'Session', fill: fillSession },
  { queryType: 'events', label: 'Events' },
  { queryType: 'pathways', label: 'Pathways' },
  { queryType: 'explorer', label: 'Explorer' },
  { queryType: 'activeUsers', label: 'Active users' },
  { queryType: 'values', label: 'Values', fill: (page) => choose(page, 'Attribute', 'Country') },
  { queryType: 'annotations', label: 'Annotations' },
  { queryType: 'segments', label: 'Segments' },
  { queryType: 'segmentMembers', label: 'Segment members', fill: (page) => choose(page, 'Segment', 'Premium') },
  { queryType: 'segmentSize', label: 'Segment sizes' },
];

async function type(page: Page, control: string, text: string) {
  const field = page.getByLabel(control, { exact: true });
  await field.fill(text);
  await field.press('Enter');
}

async function fillUser(page: Page) {
  const [user] = await ask(page, 'profiles', { limit: 1, columns: ['user_id'] });
  await type(page, 'User', String(user.user_id));
}

async function fillSession(page: Page) {
  const [session] = await ask(page, 'sessions', { limit: 1 });
  await page.getByLabel('User', { exact: true }).fill(String(session.user_id));
  await type(page, 'Start', String(session.session_start));
}

for (const { queryType, label, fill } of TYPES) {
  test(`Explore answers "${label}"`, async ({ page, shoot }) => {
    await openExplore(page, queryType === 'profiles' ? { queryType: 'events' } : { queryType: 'profiles' });
    await expect(page.getByLabel('Query', { exact: true })).toBeVisible();
    const answered = page.waitForResponse((response) => {
      const asked = response.url().includes('/api/ds/query') ? response.request().postDataJSON().queries[0] : {};
      return asked.queryType === queryType;
    });

    await choose(page, 'Query', label);
    await fill?.(page);

    const answer = await (await answered).json();
    expect(answer.results.A.error).toBeUndefined();
    expect(answer.results.A.frames.length).toBeGreaterThan(0);
    await expect(page.getByTestId('data-testid Alert error')).toBeHidden();
    await shoot(`explore-${queryType}`);
  });
}

test('Explore completes a filter, and says where one is wrong', async ({ page, shoot }) => {
  await openExplore(page, { queryType: 'profiles', options: { columns: ['user_name', 'last_country'] } });
  const filter = page.getByRole('combobox', { name: 'Filter', exact: true });
  await filter.pressSequentially('last_cou');
  await expect(page.getByRole('option')).toHaveText([/^last_country/]);
  await filter.press('ArrowDown');
  await filter.press('Enter');
  await expect(filter).toHaveValue('last_country:');
  await filter.pressSequentially('Bra');
  await expect(page.getByRole('option', { name: /^Brazil \(BR\)/ })).toBeVisible();
  await shoot('explore-filter-suggestions');
  await filter.press('ArrowDown');
  await filter.press('Tab');
  await expect(filter).toHaveValue('last_country:BR');
  await filter.press('Enter');
  await expect.poll(async () => [...new Set(await column(page, 'Last country'))]).toEqual(['Brazil']);

  await filter.fill('last_country:BR -last_contry:DE');
  await filter.press('Enter');
  await expect(page.getByText(/^at 18: .*did you mean `last_country`/)).toBeVisible();
  await shoot('explore-filter-error');
  await filter.press('End');
  await filter.press('Backspace');
  await expect(page.getByText(/^at 18: /)).toBeHidden();
});

test('conditions are built in the query editor, and edited again', { tag: '@theme' }, async ({ page, shoot }) => {
  await openExplore(page, { queryType: 'profiles', options: { columns: ['user_name', 'last_country'] } });
  await page.getByRole('button', { name: 'New condition' }).first().click();
  const dialog = page.getByRole('dialog');
  const use = dialog.getByRole('button', { name: 'Use these conditions' });
  await expect(use).toBeDisabled();
  await dialog.getByRole('button', { name: 'Condition', exact: true }).click();
  await page.getByRole('menuitem', { name: /^began and never came through, in the same or a later session/ }).click();
  await choose(page, 'Step 1: which one', '/cart');
  await choose(page, 'Step 2: what happened', 'did action');
  await choose(page, 'Step 2: which one', 'click on CHECKOUT');
  await choose(page, 'When', 'in the last 7 days');
  const sentence =
    'users who in the last 7 days viewed /cart and after none of these times clicked on CHECKOUT in the same or a later session';
  await expect(dialog.getByText(sentence)).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .include('[role="dialog"]')
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
    .analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  await shoot('explore-conditions');

  const answered = page.waitForResponse((response) => {
    const asked = response.url().includes('/api/ds/query') ? response.request().postDataJSON().queries[0] : {};
    return asked.options?.includeSegments?.length === 1;
  });
  await use.click();
  await expect(dialog).toBeHidden();
  const [{ options }] = (await answered).request().postDataJSON().queries;
  const began = { event: 'type:view page:/cart' };
  const window = { last: '7d' };
  const steps = [began, { event: 'action:"click on CHECKOUT"' }];
  expect(options.includeSegments).toEqual([
    { where: { all: [{ did: { ...began, window } }, { not: { sequence: { steps, scope: 'user', window } } }] } },
  ]);
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect(dialog.getByTestId('condition')).toContainText('after none of these times clicked on CHECKOUT');
});

test('Explore offers examples', async ({ page, shoot }) => {
  await openExplore(page, { queryType: 'profiles', options: {} });
  await page.getByRole('button', { name: /data source help/i }).click();
  await expect(page.getByText('Which pages are viewed most?')).toBeVisible();
  await shoot('explore-examples');
  await page.getByText('Which pages are viewed most?').click();

  await expect(page.getByText('Top pages', { exact: true }).first()).toBeVisible();
});

test.describe('a dashboard', () => {
  const uid = 'footfall-e2e-narrowed';
  const dashboard = (options: object, variables: object[]) => ({
    uid,
    title: 'Footfall, narrowed',
    templating: { list: variables },
    panels: [
      {
        id: 1,
        type: 'table',
        title: 'Users',
        datasource: DATASOURCE,
        gridPos: { x: 0, y: 0, w: 24, h: 16 },
        targets: [
          {
            refId: 'A',
            datasource: DATASOURCE,
            queryType: 'profiles',
            options: { columns: ['user_name', 'last_country', 'usr.plan'], ...options },
          },
        ],
      },
    ],
  });
  const countries = async (page: Page) => [...new Set(await column(page, 'Last country'))].filter(Boolean);

  test.afterEach(({ page }) => deleteDashboard(page, uid));

  test('is narrowed by a variable', async ({ page, shoot }) => {
    const query = { refId: 'V', queryType: 'values', options: { attribute: 'last_country' } };
    const variable = { name: 'country', type: 'query', datasource: DATASOURCE, query, refresh: 1, multi: true };
    await saveDashboard(page, dashboard({ filter: 'last_country:$country' }, [variable]));
    const [first, second] = await ask(page, 'values', query.options);

    // Grafana chooses the first of the values that the variable offers.
    await openDashboard(page, uid);
    await expect.poll(() => countries(page)).toEqual([first.text]);
    await shoot('dashboard-variable');

    await openDashboard(page, uid, { country: [String(first.value), String(second.value)] });
    await expect.poll(async () => (await countries(page)).sort()).toEqual([first.text, second.text].sort());
  });

  test('is narrowed by a variable of segments, but not by All', async ({ page, shoot }) => {
    const query = { refId: 'V', queryType: 'segments', options: {} };
    const choice = { refresh: 1, multi: true, includeAll: true };
    const variable = { name: 'segment', type: 'query', datasource: DATASOURCE, query, ...choice };
    await saveDashboard(page, dashboard({ includeSegments: ['$segment'] }, [variable]));
    const paying = async () => (await column(page, 'usr.plan')).map((plan) => plan === 'pro' || plan === 'enterprise');

    await openDashboard(page, uid, { segment: 'premium' });
    await expect.poll(async () => [...new Set(await paying())]).toEqual([true]);
    await shoot('dashboard-segment');

    await openDashboard(page, uid, { segment: '$__all' });
    await expect.poll(paying).toContain(false);
  });

  test('measures what its variables say', async ({ page, shoot }) => {
    const custom = (name: string, ...values: string[]) => {
      const options = values.map((value, i) => ({ value, text: value, selected: i === 0 }));
      return { name, type: 'custom', query: values.join(','), options, current: options[0] };
    };
    const variables = [
      custom('over', 'events', 'sessions'),
      custom('measure', 'users', 'median session_duration', 'count / users'),
      custom('facet', 'country', 'device_type'),
      custom('then', 'none', 'application'),
      custom('top', '3', '2'),
    ];
    const options = {
      over: '$over',
      format: 'table',
      measures: [{ measure: '$measure', name: 'Measured' }],
      facets: [{ attribute: '$facet', limit: '$top' }, { attribute: '$then' }],
    };
    const [panel] = dashboard({}, []).panels;
    const target = { refId: 'A', datasource: DATASOURCE, queryType: 'explorer', options };
    await saveDashboard(page, { ...dashboard({}, variables), panels: [{ ...panel, targets: [target] }] });

    await openDashboard(page, uid);
    await expect.poll(async () => (await column(page, 'Country')).length).toBe(3);
    expect((await column(page, 'Measured')).every((users) => Number(users.replaceAll(',', '')) > 0)).toBe(true);
    await shoot('dashboard-explorer');

    const chosen = { over: 'sessions', facet: 'device_type', then: 'application', top: '2' };
    await openDashboard(page, uid, { ...chosen, measure: 'count / users' });
    await expect.poll(async () => new Set(await column(page, 'Device type')).size).toBe(2);
    expect((await column(page, 'Application')).length).toBeGreaterThan(0);
    expect((await column(page, 'Measured')).every((perUser) => Number(perUser) >= 1)).toBe(true);
  });

  test('is narrowed by an ad-hoc filter', async ({ page, shoot }) => {
    await saveDashboard(page, dashboard({}, [{ name: 'filters', type: 'adhoc', datasource: DATASOURCE, filters: [] }]));
    await openDashboard(page, uid);
    await expect.poll(async () => (await countries(page)).length).toBeGreaterThan(1);

    const [country] = await ask(page, 'values', { attribute: 'last_country' });
    await openDashboard(page, uid, { filters: `last_country|=|${country.value}` });
    await expect.poll(() => countries(page)).toEqual([country.text]);
    await shoot('dashboard-ad-hoc');
  });
});
