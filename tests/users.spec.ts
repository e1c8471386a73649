import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import fs from 'fs';
import postgres from 'postgres';

import { DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { choose, column, deleteDashboard, openApp, openDashboard, openExplore, saveDashboard } from './host';
import { addStore, removeStore } from './stores';
import { bar, cells, chip, facet, filter, found, list, number, openUsers, requests, search, total } from './users';

/**
 * Users seen in the last week, last in shop-web and on a phone, who saw the cart in the 30 days before the segment was
 * computed and did not click or tap on CHECKOUT in half an hour, in the same session: counted from the events alone.
 */
async function dropoutsByEvents(): Promise<number> {
  const sql = postgres(process.env.FOOTFALL_DEMO_DSN!, { max: 1 });
  try {
    const [{ count }] = await sql`
      with event as materialized (
        select e.user_key, e.session_key, e.ts, e.seq, token.type, page.value as page, name.value as name,
               application.value as application, device.value as device
          from footfall.events e
          join footfall.tokens token on token.id = e.token
          join footfall.contexts context on context.id = e.context
          left join footfall.dictionary page on page.id = token.page
          left join footfall.dictionary name on name.id = token.name
          left join footfall.dictionary application on application.id = context.application
          left join footfall.dictionary device on device.id = context.device_type
      ), session as materialized (
        select user_key, min(ts) as start, max(ts) as seen,
               (array_agg(application order by ts, seq nulls first) filter (where application is not null))[1] as application,
               (array_agg(device order by ts, seq nulls first) filter (where device is not null))[1] as device
          from event
         group by user_key, session_key
      ), latest as (
        select distinct on (user_key) user_key, application, device from session order by user_key, start desc
      ), computed as (
        select computed_at as at from footfall.segments where id = 'cart-dropouts'
      )
      select count(*)::int as count
        from footfall.users u
        join latest on latest.user_key = u.key
        cross join computed
       where u.kind = 'usr' and latest.application = 'shop-web' and latest.device = 'mobile'
         and exists (select from session s where s.user_key = u.key and s.seen >= now() - interval '7 days')
         and exists (
           select from event cart
            where cart.user_key = u.key and cart.type = 'view' and cart.page = '/cart'
              and cart.ts >= computed.at - interval '30 days' and cart.ts <= computed.at - interval '30 minutes'
              and not exists (
                select from event click
                 where click.user_key = u.key and click.session_key = cart.session_key
                   and click.type = 'action' and click.name in ('click on CHECKOUT', 'tap on CHECKOUT')
                   and (click.ts, coalesce(click.seq, -1)) > (cart.ts, coalesce(cart.seq, -1))
                   and click.ts <= cart.ts + interval '30 minutes'))`;
    expect(count).toBeGreaterThan(0);
    return count;
  } finally {
    await sql.end();
  }
}

test.describe('the users page', () => {
  test('lists users with names, times and places, in two requests', async ({ page, shoot }) => {
    const asked = requests(page);
    await openUsers(page);

    expect(await cells(page, 'User')).toHaveLength(50);
    expect((await cells(page, 'Last seen'))[0]).toMatch(/ago$/);
    expect((await cells(page, 'Last country')).some((country) => /^[A-Z][a-z]+ .*[A-Z]{2}$/.test(country))).toBe(true);
    expect(await found(page)).toBe(await total(page, {}));
    expect(asked.sort()).toEqual(['attributes', 'query']);
    await shoot('users');
  });

  test('says what a segment means to who points at it or has the focus there', async ({ page, shoot }) => {
    await openUsers(page);
    const dropouts = facet(page, 'Segment').getByRole('listitem').filter({ hasText: 'Cart dropouts' });
    const sentence = /^users who .*viewed \/cart and then never clicked or tapped on CHECKOUT/;
    const meaning = page.getByText(sentence).filter({ visible: true }); // Grafana 10.1 gives it no role
    const asked = requests(page);
    await dropouts.getByText('Cart dropouts').hover();
    await expect(meaning).toBeVisible();
    await shoot('users-segment-meaning');
    await page.mouse.move(0, 0);
    await expect(meaning).toBeHidden();
    await dropouts.getByRole('checkbox').focus();
    await expect(meaning).toBeVisible();
    await expect(dropouts.getByRole('checkbox')).toHaveAccessibleDescription(sentence);
    expect(asked).toEqual([]);
  });

  test('finds by what one types, with one request for ten letters', async ({ page, shoot }) => {
    await openUsers(page);
    const [sought] = (await cells(page, 'User'))[2].split('\n').slice(-1);
    const asked = requests(page);

    await search(page).pressSequentially(sought.slice(0, 10), { delay: 20 });

    await expect
      .poll(async () => (await cells(page, 'User')).every((text) => text.includes(sought.slice(0, 10))))
      .toBe(true);
    await expect.poll(() => found(page)).toBe(await total(page, { search: sought.slice(0, 10) }));
    expect(asked).toEqual(['query']);
    await shoot('users-search');

    await search(page).press('Escape');
    await expect.poll(() => found(page)).toBe(await total(page, {}));
  });

  test('is used by the keyboard alone', async ({ page, shoot }) => {
    await openUsers(page);
    const user = (row: number) => list(page).getByRole('rowheader').nth(row).getByRole('link');
    const { keyboard } = page;
    await keyboard.press('/');
    await expect(search(page)).toBeFocused();
    await keyboard.type('an');
    await expect.poll(() => found(page)).toBe(await total(page, { search: 'an' }));

    await keyboard.press('ArrowDown');
    await expect(user(0)).toBeFocused();
    await keyboard.press('End');
    await expect(user((await cells(page, 'User')).length - 1)).toBeFocused();
    await keyboard.press('Home');
    await keyboard.press('ArrowDown');
    await expect(user(1)).toBeFocused();
    await shoot('users-focus');

    await keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    await expect(help).toContainText('Go to the search');
    await shoot('users-keys');
    await keyboard.press('Escape');
    await expect(help).toHaveCount(0);
    await expect(user(1)).toBeFocused();

    // The dialog's Escape was its own; the next one empties the search.
    await expect(search(page)).toHaveValue('an');
    await keyboard.press('Escape');
    await expect(search(page)).toBeFocused();
    await expect.poll(() => found(page)).toBe(await total(page, {}));
    await keyboard.press('ArrowDown');
    await expect(user(0)).toBeFocused();
    const before = page.url();
    await keyboard.press('Enter');
    await expect(page).not.toHaveURL(before);
  });

  test('sorts by a head, and pages', async ({ page }) => {
    await openUsers(page);
    const head = list(page).getByRole('columnheader', { name: 'Sessions' });
    for (const direction of ['descending', 'ascending'] as const) {
      await head.getByRole('button').click();
      await expect(head).toHaveAttribute('aria-sort', direction);
      const sign = direction === 'ascending' ? 1 : -1;
      await expect
        .poll(async () => {
          const shown = (await cells(page, 'Sessions')).map(number);
          return shown.every((count, i) => i === 0 || (count - shown[i - 1]) * sign >= 0);
        })
        .toBe(true);
    }
    const first = await cells(page, 'User');
    await page.getByRole('button', { name: '2', exact: true }).click();
    await expect.poll(() => cells(page, 'User')).not.toEqual(first);
    await expect(page.getByText(/^51–100 of /)).toBeVisible();
    await page.goBack();
    await expect.poll(() => cells(page, 'User')).toEqual(first);
  });

  test('narrows by facets, counted as the backend counts them, and Back takes it back', async ({ page, shoot }) => {
    await openUsers(page);
    const before = await found(page);
    const brazil = facet(page, 'Last country').getByRole('listitem').filter({ hasText: 'Brazil' });
    const count = await total(page, { filter: 'last_country:BR' });
    await expect(brazil).toContainText(String(count));

    await brazil.getByRole('checkbox').click({ force: true });
    await expect(chip(page, 'Last country: Brazil')).toBeVisible();
    await expect.poll(() => found(page)).toBe(count);
    // Its own condition does not count in the facet, but in the others.
    const others = facet(page, 'Last country').getByRole('listitem').nth(1);
    expect(number((await others.innerText()).split('\n').at(-1)!)).toBeGreaterThan(0);
    const mobile = facet(page, 'Last device type').getByRole('listitem').filter({ hasText: 'mobile' });
    const both = await total(page, { filter: 'last_country:BR last_device_type:mobile' });
    await expect(mobile).toContainText(String(both));

    await mobile.hover();
    await mobile.getByRole('button', { name: 'Without mobile' }).click();
    await expect(chip(page, 'Last device type: not mobile')).toBeVisible();
    await expect.poll(() => found(page)).toBe(count - both);
    await shoot('users-facets');

    await page.reload();
    await expect.poll(() => found(page)).toBe(count - both);
    await page.goBack();
    await expect.poll(() => found(page)).toBe(count);
    await chip(page, 'Last country')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect.poll(() => found(page)).toBe(before);
  });

  test('a filter is typed with suggestions, and a wrong one says where', async ({ page, shoot }) => {
    await openUsers(page);
    await filter(page).pressSequentially('last_cou');
    await expect(page.getByRole('option', { name: /last_country/ })).toBeVisible();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(filter(page)).toHaveValue('last_country:');
    await expect(page.getByRole('option', { name: /Brazil \(BR\)/ })).toBeVisible();
    await filter(page).pressSequentially('B');
    await shoot('users-suggestions');
    await page.getByRole('option', { name: /Brazil \(BR\)/ }).click();
    await expect(filter(page)).toHaveValue('last_country:BR');
    await filter(page).press('Enter');
    await expect.poll(async () => found(page)).toBe(await total(page, { filter: 'last_country:BR' }));

    const before = await cells(page, 'User');
    await filter(page).fill('contry:BR');
    await filter(page).press('Enter');
    await expect(page.getByText(/^unknown attribute `contry`/)).toBeVisible();
    // What was shown stays, and says that it is of before.
    await expect(page.getByText('(before this change)')).toBeVisible();
    expect(await cells(page, 'User')).toEqual(before);
    await shoot('users-wrong-filter');
    await chip(page, 'contry:BR')
      .getByRole('button', { name: /^Remove/ })
      .click();
    await expect.poll(async () => found(page)).toBe(await total(page, { filter: 'last_country:BR' }));
  });

  test('an application is chosen in the bar or by its facet, which are one', async ({ page }) => {
    await openUsers(page);
    const app = await total(page, { filter: 'last_application:shop-app' });
    await choose(page, 'Applications', 'shop-app');
    await expect.poll(() => found(page)).toBe(app);
    await expect(page).toHaveURL(/app=shop-app$/);
    const value = (id: string) => facet(page, 'Last application').getByRole('listitem').filter({ hasText: id });
    await expect(value('shop-app').getByRole('checkbox')).toBeChecked();
    await value('shop-web').getByRole('checkbox').click({ force: true });
    await expect(page).toHaveURL(/app=shop-app&app=shop-web$/);
    await expect.poll(() => found(page)).toBe(await total(page, { filter: 'last_application:*' }));
    await bar(page).getByRole('button', { name: 'Clear' }).click();
    await expect(page).not.toHaveURL(/app=/);
  });

  test('anonymous users count by a switch, and the count says so', async ({ page }) => {
    await openUsers(page);
    await expect(
      page.getByText(`${(await found(page)).toLocaleString('en')} users, without anonymous ones`)
    ).toBeVisible();
    await page.getByLabel('Anonymous', { exact: true }).focus();
    await page.keyboard.press('Space');
    await expect(page.getByText('with anonymous ones')).toBeVisible();
    await expect.poll(() => found(page)).toBe(await total(page, { includeAnonymous: true }));
    await expect(page).toHaveURL(/anon=1$/);
  });

  test('users of whom something is not known are as many as the facet says', async ({ page }) => {
    await openUsers(page);
    const unknown = facet(page, 'Last browser name').getByRole('listitem').filter({ hasText: 'Not known' });
    const count = await total(page, { filter: '-last_browser_name:*' });
    expect(count).toBeGreaterThan(0);
    await expect(unknown).toContainText(String(count));
    await unknown.getByRole('checkbox').click({ force: true });
    await expect(chip(page, 'Last browser name: not known')).toBeVisible();
    await expect.poll(() => found(page)).toBe(count);
    await facet(page, 'Last browser name')
      .getByRole('checkbox', { name: 'Chrome', exact: true })
      .click({ force: true });
    await expect(chip(page, 'Last browser name: Chrome or not known')).toBeVisible();
    await expect.poll(() => found(page)).toBe(count + (await total(page, { filter: 'last_browser_name:Chrome' })));
  });

  test('says which condition left nobody, and takes it away', async ({ page, shoot }) => {
    const asked = requests(page);
    await openApp(page, '/users?q=last_country:BR+-sessions:>=0&s=a');
    const count = await total(page, { filter: 'last_country:BR', search: 'a' });
    await expect(page.getByText(`Without -sessions:>=0 the list has ${count} users.`)).toBeVisible();
    expect(asked.filter((name) => name === 'query')).toHaveLength(2);
    await shoot('users-nobody');
    await page.getByRole('button', { name: 'Remove it' }).click();
    await expect.poll(() => found(page)).toBe(count);
    await expect(chip(page, 'Last country: Brazil')).toBeVisible();
  });

  test('keeps what is shown as a segment of as many users, and undoes it', async ({ page, shoot }) => {
    const shown = 'last_country:(BR OR US) page:/cart -has(action:"click on CHECKOUT" device:mobile)';
    await openUsers(page, { q: shown, s: 'a' });
    const count = await found(page);
    expect(count).toBeGreaterThan(0);
    await expect(page.getByText('Last 30 days')).toBeVisible();

    await page.getByRole('button', { name: 'Save as segment' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('Users', { ignoreCase: true });
    await dialog.getByLabel('Name').fill('E2E kept');
    await shoot('users-save');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(chip(page, 'in E2E kept')).toBeVisible();
    await expect.poll(() => found(page)).toBe(count);

    await expect(page.getByRole('link', { name: 'Open the segment' })).toHaveAttribute('href', /segments\/e2e-kept/);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(chip(page, 'page:/cart').or(chip(page, 'Page: /cart'))).toBeVisible();
    await expect.poll(() => found(page)).toBe(count);
    const gone = await page.request.get(`/api/datasources/uid/${DATASOURCE.uid}/resources/segments/e2e-kept`);
    expect(gone.status()).toBe(404);
  });

  test('clicks together who was in the cart on a phone and never came to pay, as many as the events say', async ({
    page,
    shoot,
  }) => {
    await openUsers(page);
    await filter(page).pressSequentially('last_s');
    await page.getByRole('option', { name: /last_seen/ }).click();
    await page.getByRole('option', { name: /in the last 7 days/ }).click();
    await filter(page).press('Enter');
    await expect(chip(page, 'Last seen: in the last 7 days')).toBeVisible();
    for (const [name, value] of [
      ['Last application', 'shop-web'],
      ['Last device type', 'mobile'],
      ['Segment', 'Cart dropouts'],
    ]) {
      const one = facet(page, name).getByRole('listitem').filter({ hasText: value });
      await one.getByRole('checkbox').click({ force: true });
      await expect(one.getByRole('checkbox')).toBeChecked();
    }
    await expect.poll(() => found(page)).toBe(await dropoutsByEvents());
    await shoot('users-seed');
  });

  test('exports all rows of the columns shown', async ({ page }) => {
    await openUsers(page, { q: 'last_country:BR', sort: 'sessions' });
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    const lines = fs
      .readFileSync(await download.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines).toHaveLength(1 + (await found(page)));
    expect(lines[0].trim().split(',').slice(0, 4)).toEqual(['user_id', 'user_name', 'user_email', 'last_seen']);
  });

  test('remembers columns', async ({ page, shoot }) => {
    await openUsers(page);
    await page.getByRole('button', { name: 'Columns' }).click();
    await page.getByRole('button', { name: 'Hide First seen' }).click();
    await page.getByPlaceholder('Search columns').fill('last city');
    await page.getByRole('button', { name: 'Show Last city' }).click();
    await shoot('users-columns');
    await page.keyboard.press('Escape');
    await page.reload();
    await expect(list(page).getByRole('columnheader', { name: 'Last city' })).toBeVisible();
    await expect(list(page).getByRole('columnheader', { name: 'First seen' })).toBeHidden();
  });

  test('has nothing that keeps people out', { tag: '@theme' }, async ({ page }) => {
    await openUsers(page, { q: 'last_country:BR' });
    await page.setViewportSize({ width: 1440, height: 900 });
    const scan = new AxeBuilder({ page })
      .include('[data-testid="users view"]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa']);
    const { violations } = await scan.analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });

  test('is a list of cards on a phone', async ({ page, shoot }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openUsers(page);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await page.getByRole('button', { name: 'Facets' }).click();
    await expect(facet(page, 'Last country')).toBeVisible();
    await shoot('users-phone');
    await page.setViewportSize({ width: 1440, height: 900 });
  });
});

test('a Viewer sees all users and is told what saving needs', async ({ people, theme }) => {
  const page = await (await people.be('Viewer', theme)).context.newPage();
  await openUsers(page, { q: 'last_country:BR' });
  await expect(page.getByRole('button', { name: 'Save as segment' })).toBeDisabled();
  await page.close();
});

test.describe('beside a second data source that shows e-mails to editors alone', () => {
  const secret = { type: DATASOURCE.type, uid: 'footfall-e2e-secret' };
  test.beforeEach(({ api }) =>
    addStore(api, secret, 'Secret', process.env.FOOTFALL_ODD_DSN!, { restrictExport: true })
  );
  test.afterEach(({ api }) => removeStore(api, secret));

  test('the page shows the one that is chosen, and nothing of the other', async ({ page }) => {
    await openUsers(page, { ds: secret.uid, q: 'user_name:Mailed' });
    await expect(list(page)).toContainText('mailed@secret.example');
    await page.getByLabel('Data source', { exact: true }).fill('Footfall');
    await page.keyboard.press('Enter');
    await expect.poll(() => found(page)).toBe(await total(page, {}));
    await expect(page).toHaveURL(/ds=footfall$/);
    await expect(list(page)).not.toContainText('Mailed');
    await page.goBack();
    await expect(list(page)).toContainText('Mailed');
  });

  test('its users lead to what the same one tells of them', async ({ page }) => {
    for (const ds of [secret.uid, DATASOURCE.uid]) {
      await openUsers(page, { ds });
      const link = list(page).getByRole('link').first();
      await expect(link).toHaveAttribute('href', new RegExp(`[?&](var-datasource|ds)=${ds}(&|$)`));
    }
    await openUsers(page, { ds: secret.uid, q: 'user_name:Mailed' });
    await list(page).getByRole('link', { name: 'Mailed' }).click();
    await expect(page.getByText('mailed@secret.example').first()).toBeVisible();
  });

  test('a Viewer finds users, but sees no e-mail', async ({ people }) => {
    const page = await (await people.be('Viewer')).context.newPage();
    await openUsers(page, { ds: secret.uid, q: 'user_name:Mailed' });
    await expect(list(page)).toContainText('Mailed');
    await filter(page).fill('user_email:');
    await filter(page).click();
    await page.getByRole('button', { name: 'Export CSV' }).click();
    await expect(page.getByRole('alert').first()).toContainText(/editors/i);
    expect(await page.locator('body').innerText()).not.toContain('secret.example');
    await page.close();
  });
});

test.describe('of a store without events', () => {
  const empty = { type: DATASOURCE.type, uid: 'footfall-e2e-empty' };
  test.beforeEach(({ api }) => addStore(api, empty, 'Empty', process.env.FOOTFALL_EMPTY_DSN!));
  test.afterEach(({ api }) => removeStore(api, empty));

  test('the page says so and how to send some, also where something narrows', async ({ page, shoot }) => {
    await openApp(page, `/users?ds=${empty.uid}&q=last_country:BR`);
    await expect(page.getByText('There are no events yet')).toBeVisible();
    await expect(page.getByText('footfall demo && footfall work --once')).toBeVisible();
    await expect(page.getByText('No user matches')).toBeHidden();
    await shoot('users-no-events');
  });
});

test('the query editor changes what is shown', async ({ page, shoot }) => {
  await openExplore(page, { queryType: 'profiles', options: { columns: ['user_name', 'sessions'] } });
  await expect(page.getByLabel('Sort by')).toBeVisible();

  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByLabel('Attribute', { exact: true }).fill('Sessions');
  await page.keyboard.press('Enter');
  await page.getByLabel('Operator', { exact: true }).fill('>=');
  await page.keyboard.press('Enter');
  await page.getByLabel('Value', { exact: true }).fill('2');
  await page.getByLabel('Value', { exact: true }).blur();

  await expect.poll(async () => (await column(page, 'Sessions')).map(number).every((count) => count >= 2)).toBe(true);
  await shoot('query-editor');
});

test.describe('the users panel', () => {
  const uid = 'footfall-e2e-users-panel';
  const target = { refId: 'A', datasource: DATASOURCE, queryType: 'profiles' };
  const options = { filter: 'last_country:$country', columns: ['user_id', 'user_name', 'last_seen', 'last_country'] };
  const dashboard = {
    uid,
    title: 'Users of a country',
    templating: {
      list: [{ name: 'country', type: 'custom', query: 'BR,US', current: { value: 'BR', text: 'BR' }, options: [] }],
    },
    panels: [
      {
        ...{ id: 7, type: 'footfall-profiles-panel', title: 'Users', datasource: DATASOURCE },
        ...{ gridPos: { x: 0, y: 0, w: 24, h: 20 }, targets: [{ ...target, options }] },
      },
    ],
  };

  test.beforeEach(({ page }) => saveDashboard(page, dashboard));
  test.afterEach(({ page }) => deleteDashboard(page, uid));

  test('shows the users of its query and what is laid over it stands in the address', async ({ page, shoot }) => {
    await openDashboard(page, uid);
    const brazil = await total(page, { filter: 'last_country:BR' });
    await expect.poll(() => found(page)).toBe(brazil);
    expect(await cells(page, 'Last country')).toContain('Brazil BR');
    await expect(list(page).getByRole('columnheader')).toHaveCount(3);
    // What the panel's query says can be read, and no facet offers anybody else.
    await chip(page, 'from this dashboard').getByRole('button').hover();
    await expect(page.getByText('Last country: Brazil', { exact: true })).toBeVisible();
    await expect(facet(page, 'Last country').getByRole('listitem')).toHaveText([/^Brazil/]);

    await facet(page, 'Last device type')
      .getByRole('listitem')
      .filter({ hasText: 'mobile' })
      .getByRole('checkbox')
      .click({ force: true });
    const mobile = await total(page, { filter: 'last_country:BR last_device_type:mobile' });
    await expect.poll(() => found(page)).toBe(mobile);
    await expect(page.getByText(`${mobile} of ${brazil} users`)).toBeVisible();
    await shoot('users-panel');

    expect(await sizeToSave(page)).toBe(mobile);

    await page.reload();
    await expect.poll(() => found(page)).toBe(mobile);
    await page.goto(page.url().replace(/var-country=BR|$/, '&var-country=US'));
    await expect.poll(() => found(page)).toBe(await total(page, { filter: 'last_country:US last_device_type:mobile' }));
  });

  test('is kept with the conditions of a form, of a dashboard and of other segments', async ({ page }) => {
    const narrowed = {
      filters: [
        { attribute: 'usr.plan', operator: '!=', values: ['free'] },
        { attribute: 'page', operator: '=', values: ['/cart', '/checkout'] },
      ],
      excludeSegments: ['cart-dropouts'],
      activeInRange: true,
    };
    const [panel] = dashboard.panels;
    await saveDashboard(page, { ...dashboard, panels: [{ ...panel, targets: [{ ...target, options: narrowed }] }] });
    await openDashboard(page, uid);
    const shown = await total(page, narrowed);
    expect(shown).toBeGreaterThan(0);
    await expect.poll(() => found(page)).toBe(shown);
    expect(await sizeToSave(page)).toBe(shown);
  });
});

/** How many users "Save as segment" would keep. */
async function sizeToSave(page: Page): Promise<number> {
  const [, preview] = await Promise.all([
    page.getByRole('button', { name: 'Save as segment' }).click(),
    page.waitForResponse(/segments\/preview/),
  ]);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  return (await preview.json()).size;
}
