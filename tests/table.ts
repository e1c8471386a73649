import { expect, type Page } from '@playwright/test';

/** The texts of a column in the rows that are drawn, without the footer. */
export async function column(page: Page, header: string): Promise<string[]> {
  await expect(page.getByRole('columnheader', { name: header })).toBeAttached();
  const headers = await page.getByRole('columnheader').allInnerTexts();
  const index = headers.findIndex((text) => text.trim() === header);
  expect(index, `a column "${header}" among ${headers.join(', ')}`).toBeGreaterThanOrEqual(0);
  return page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('cell') })
    .evaluateAll(
      (rows, cell) => rows.map((row) => row.querySelectorAll<HTMLElement>('[role=cell]')[cell]?.innerText ?? ''),
      index
    );
}
