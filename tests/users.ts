/** The users page as tests see it. */
import { type Page, type Request } from '@playwright/test';

import { ask } from './ask';
import { expect } from './fixtures';
import { openApp } from './host';

/** The users page with parameters of its address, once its rows are there, where there are any. */
export async function openUsers(page: Page, parameters: Record<string, string> = {}, { empty = false } = {}) {
  await openApp(page, `/users?${new URLSearchParams(parameters)}`);
  await expect(empty ? bar(page) : list(page)).toBeVisible();
}

export const list = (page: Page) => page.getByRole('table', { name: 'Users', exact: true });
export const facet = (page: Page, name: string) => page.getByRole('list', { name, exact: true });
export const bar = (page: Page) => page.getByRole('group', { name: 'What narrows the list' });
export const chip = (page: Page, text: string | RegExp) => bar(page).getByRole('listitem').filter({ hasText: text });
export const search = (page: Page) => page.getByPlaceholder('Search name, e-mail or id');
export const filter = (page: Page) => page.getByRole('combobox', { name: 'Filter' });

/** The texts of a column. */
export async function cells(page: Page, header: string): Promise<string[]> {
  const heads = await list(page).getByRole('columnheader').allInnerTexts();
  const at = heads.findIndex((text) => text.trim() === header);
  expect(at, `${header} is among ${heads.join(', ')}`).toBeGreaterThanOrEqual(0);
  return list(page)
    .locator('tbody tr')
    .evaluateAll((rows, at) => rows.map((row) => (row.children[at] as HTMLElement).innerText.trim()), at);
}

export const number = (text: string) => Number(text.replace(/\D/g, ''));

/** The number of users that the page says it found, once it has counted. */
export async function found(page: Page): Promise<number> {
  const count = page.locator('[aria-live=polite][aria-busy=false]', { hasText: /user/ });
  return number((await count.innerText()).split(' ')[0]);
}

/** How many users the backend finds. */
export async function total(page: Page, options: object): Promise<number> {
  return (await ask(page, 'profiles', { ...options, limit: 10_000 })).length;
}

/** The requests to the data source, from now on. */
export function requests(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', (request: Request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith('/api/ds') || pathname.includes('/resources/')) {
      seen.push(pathname.split('/').at(-1)!);
    }
  });
  return seen;
}
