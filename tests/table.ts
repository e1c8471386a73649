import { expect, type Locator, type Page } from '@playwright/test';

/** The texts of a column in the rows that are drawn, without the footer, of the one table on a page or in a panel. */
export async function column(place: Page | Locator, header: string): Promise<string[]> {
  await expect(place.getByRole('columnheader', { name: header, exact: true })).toBeAttached();
  const headers = await place.getByRole('columnheader').allInnerTexts();
  const index = headers.findIndex((text) => text.trim() === header);
  expect(index, `a column "${header}" among ${headers.join(', ')}`).toBeGreaterThanOrEqual(0);
  return place
    .getByRole('table')
    .locator('[role=row]:has([role=cell])')
    .evaluateAll(
      (rows, cell) => rows.map((row) => row.querySelectorAll<HTMLElement>('[role=cell]')[cell]?.innerText ?? ''),
      index
    );
}
