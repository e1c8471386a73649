/** The steps of docs/tutorial.md, one after another. */
import { type Page } from '@playwright/test';

import { DATASOURCE } from './ask';
import { beginning, openFields } from './builder';
import { expect, test } from './fixtures';
import { choose, openApp } from './host';
import { bar, chip, facet, filter, found, list, openUsers, total } from './users';

const SEGMENT = `/api/datasources/uid/${DATASOURCE.uid}/resources/segments/tutorial-could-not-pay`;
const CONDITIONS = [
  { did: { event: 'type:view page:/payment' } },
  {
    not: {
      sequence: {
        steps: [{ event: 'type:view page:/payment' }, { event: 'type:view page:/order/confirmation' }],
        scope: 'user',
      },
    },
  },
];
const NEVER_PAID = { includeSegments: [{ where: { all: CONDITIONS } }] };
const ERROR = 'error:PaymentFormError';

const user = (page: Page) => page.getByTestId('user view');
const happened = (page: Page) => user(page).getByRole('list', { name: 'Events' }).locator('summary');

test.afterEach(async ({ api }) => {
  await api.delete(SEGMENT);
});

test('the tutorial finds why nobody paid on phones', async ({ page, shoot }) => {
  await test.step('who came to pay and never did', async () => {
    await openUsers(page);
    await bar(page).getByRole('button', { name: 'Add condition' }).click();
    await page
      .getByRole('menuitem', { name: beginning('began and never came through, in the same or a later session') })
      .click();
    await expect(openFields(page).locator(':focus')).toBeVisible();
    await choose(page, 'Step 1: which one', '/payment');
    await choose(page, 'Step 2: which one', '/order/confirmation');
    await expect.poll(() => found(page)).toBe(await total(page, NEVER_PAID));
    const mobile = facet(page, 'Last device type').getByRole('listitem').filter({ hasText: 'mobile' });
    await mobile.getByRole('checkbox').click({ force: true });
    const onPhones = { ...NEVER_PAID, filter: 'last_device_type:mobile' };
    await expect.poll(() => found(page)).toBe(await total(page, onPhones));
    await bar(page).scrollIntoViewIfNeeded();
    await shoot('tutorial-never-paid');
  });

  await test.step('what went wrong for them', async () => {
    await filter(page).fill('error:');
    await expect(page.getByRole('option', { name: /^PaymentFormError/ })).toBeVisible();
    await filter(page).fill(ERROR);
    await filter(page).press('Enter');
    await expect(chip(page, /PaymentFormError/)).toBeVisible();
    const stuck = await total(page, { ...NEVER_PAID, filter: `last_device_type:mobile ${ERROR}` });
    expect(stuck).toBeGreaterThan(0);
    await expect.poll(() => found(page)).toBe(stuck);
  });

  await test.step('one of them, and the session', async () => {
    await list(page).locator('tbody').getByRole('link').first().click();
    const sessions = user(page).getByRole('table', { name: 'Sessions', exact: true });
    const trouble = sessions.locator('tbody').filter({ hasText: /\d errors?/ });
    await trouble.getByRole('button').first().click();
    await expect(happened(page).filter({ hasText: 'PLACE ORDER' }).nth(2)).toBeVisible();
    const failed = happened(page).filter({ hasText: 'PaymentFormError' }).first();
    await failed.click();
    await expect(failed.locator('..').getByText('4.2.0', { exact: true })).toBeVisible();
    await shoot('tutorial-session');
  });

  await test.step('where all with that release went', async () => {
    const asked = new URLSearchParams({ after: '/payment', q: 'device_type:mobile has(app_version:4.2.0)' });
    await openApp(page, `/pathways?${asked}`);
    const chart = page.getByTestId('pathways view').getByRole('group', { name: /^Pathways in / });
    await expect(chart.getByRole('button', { name: /^Left, Step 2: / })).toBeVisible();
    await expect(chart.getByRole('button', { name: /^\/order\/confirmation, / })).toHaveCount(0);
    await shoot('tutorial-pathways');
  });

  await test.step('kept as a segment', async () => {
    await openUsers(page, { q: ERROR, def: JSON.stringify({ where: { all: CONDITIONS } }) });
    const size = await found(page);
    await page.getByRole('button', { name: 'Save as segment' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('Tutorial: could not pay');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect(chip(page, 'in Tutorial: could not pay')).toBeVisible();
    await expect.poll(() => found(page)).toBe(size);
  });
});
