/** The builder of conditions, on whatever page it stands. */
import { expect, type Locator, type Page } from '@playwright/test';

import { offered, options } from './host';

export const conditions = (page: Page) => page.getByTestId('condition');

/** What the conditions yield. */
export const result = (page: Page) => page.getByRole('region', { name: 'Who matches' });

const number = (text: string) => Number(text.replace(/\D/g, ''));

/** The size that the page shows once it has counted. */
export async function shownSize(page: Page): Promise<number> {
  const count = result(page).locator('[aria-live=polite][aria-busy=false]');
  return number((await count.innerText()).split(' ')[0]);
}

export async function add(page: Page, what: string) {
  await page.getByRole('button', { name: 'Condition', exact: true }).last().click();
  await page.getByRole('menuitem', { name: beginning(what) }).click();
  await expect(openFields(page).locator(':focus')).toBeVisible();
}

/** The fields of the condition that is open: one of them has the focus. */
export const openFields = (page: Page) => page.getByRole('group', { name: /^Fields of/ });

/** Kinds of conditions are followed by examples. */
export const beginning = (text: string) => new RegExp(`^${text}(:|$)`);

/** What people do who have no mouse. */
export function keyboardOf(page: Page) {
  const { keyboard } = page;
  const onWith = async (key: string, to: Locator) =>
    expect(async () => {
      await keyboard.press(key);
      await expect(to).toBeFocused({ timeout: 300 });
    }).toPass({ intervals: [0] });
  return {
    /** Goes on, or back, to what is named, and stays there. */
    tabTo: (to: Locator) => onWith('Tab', to),
    tabBackTo: (to: Locator) => onWith('Shift+Tab', to),
    /** Opens the menu of the button that has the focus, and takes something of it. */
    take: async (name: string) => {
      await keyboard.press('Enter');
      const wanted = page.getByRole('menuitem', { name: beginning(name) });
      await expect(wanted).toBeVisible();
      // Which one has the focus first differs between versions of Grafana.
      await onWith('ArrowDown', wanted);
      await keyboard.press('Enter');
    },
    /** Types into the field that has the focus, and takes what is offered by that name. */
    choose: async (text: string) => {
      await keyboard.type(text);
      await expect(offered(page, text)).toBeVisible();
      // Enter takes what is marked, which is of the list before as long as that is shown.
      await expect(options(page).filter({ hasNotText: text })).toHaveCount(0);
      await keyboard.press('Enter');
    },
    type: (text: string) => keyboard.type(text),
    press: (key: string) => keyboard.press(key),
  };
}
