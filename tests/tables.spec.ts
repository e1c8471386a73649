import AxeBuilder from '@axe-core/playwright';
import { type APIRequestContext, type Download, type Page } from '@playwright/test';

import { ask, DATASOURCE } from './ask';
import { expect, test } from './fixtures';
import { choose, openApp } from './host';

const resource = (path: string) => `/api/datasources/uid/${DATASOURCE.uid}/resources/${path}`;
const list = (page: Page) => page.getByRole('table', { name: 'Tables' });
const rows = (page: Page) => page.getByRole('table', { name: 'The first rows' });
const upload = (page: Page) => page.getByRole('button', { name: 'Upload', exact: true });

interface TableOfApi {
  name: string;
  rows: number;
  usedBy: Array<{ id: string; name: string }>;
}

const tables = async (api: APIRequestContext): Promise<TableOfApi[]> => (await api.get(resource('tables'))).json();

async function remove(api: APIRequestContext, table: string, ...segments: string[]) {
  for (const id of segments) {
    await api.delete(resource(`segments/${id}`));
  }
  await api.delete(resource(`tables/${table}`));
}

/** The e-mails of so many users, in a steady order. */
async function emails(page: Page, limit: number): Promise<string[]> {
  const columns = ['user_id', 'user_email'];
  const found = await ask(page, 'profiles', { columns, filter: 'user_email:*', sort: { column: 'user_id' }, limit });
  return found.map(({ user_email }) => String(user_email));
}

/** Chooses a file, also another one after the first. */
async function give(page: Page, name: string, text: string | Buffer) {
  const file = { name, mimeType: 'text/csv', buffer: Buffer.from(text) };
  await page.getByLabel(/^Choose (a|another) file$/).setInputFiles(file);
}

/** The numbers that the page shows of a file, once they are counted. */
async function counts(page: Page, title: string): Promise<Record<string, number>> {
  const section = page.getByRole('region', { name: title });
  await expect(section.locator('dl')).toBeVisible();
  await expect(section.locator('[aria-busy=true]')).toHaveCount(0);
  const pairs = await section
    .locator('dl > div')
    .evaluateAll((facts) => facts.map((fact) => [...fact.children].map((part) => part.textContent ?? '')));
  return Object.fromEntries(pairs.map(([name, value]) => [name, Number(value.replace(/\D/g, ''))]));
}

async function textOf(download: Download): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function save(page: Page, button: string): Promise<string[]> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ]);
  return (await textOf(download)).trim().split('\n');
}

test('a file becomes a table and a segment, as it was counted before', async ({ page, api, theme, shoot }) => {
  const name = `e2e_premium_${theme}`;
  const segment = `premium-of-${theme}`;
  await remove(api, name, segment);
  const known = await emails(page, 60);
  const good = known.map((email, i) => `${email};${i};gold`);
  const bad = Array.from({ length: 100 }, (_, i) => [`;${i};none`, `${known[i % 50]};${i};silver`]).flat();
  const nobody = ['nobody@nowhere.example;1;gold'];
  const header = 'E-Mail;Seats;Tier';
  const text = `\ufeff${[header, header, ...good, ...bad, ...nobody].join('\r\n')}\r\n`;
  // Rows without a user, rows of users who come again, and the header a second time.
  const expected = {
    'Rows in the file': 262,
    'Rows of known users': 60,
    'Rows of nobody yet': 1,
    'Same user again': 100,
    'Without a user': 100,
    'Not readable': 1,
    Users: 60,
  };

  await openApp(page, '/tables');
  await page.getByRole('link', { name: 'From a file' }).click();
  await give(page, 'Premium.csv', text);
  expect(await counts(page, 'What an upload would do')).toEqual(expected);
  await expect(page.getByText('tells the user', { exact: true })).toBeVisible();
  await expect(page.getByRole('cell', { name: 'the row repeats the header' })).toBeVisible();
  await shoot('tables-checked');
  expect(await tables(api)).not.toContainEqual(expect.objectContaining({ name }));

  await page.getByLabel('Name of the table').fill(`E2E premium ${theme}`);
  await upload(page).click();
  await expect(page.getByText(`${name} has 61 rows now`)).toBeVisible();
  expect(await counts(page, 'When it was uploaded')).toEqual(expected);
  await shoot('tables-stored');
  expect((await tables(api)).find((table) => table.name === name)).toMatchObject({ rows: 61, usedBy: [] });
  expect(await save(page, 'Rows of nobody as CSV')).toEqual([
    'line,key,reason',
    '263,nobody@nowhere.example,"stored, but no user has this usr.email"',
  ]);
  const leftOut = await save(page, 'Rows left out as CSV');
  expect(leftOut).toHaveLength(1 + 201);
  expect(leftOut[1]).toBe('2,E-Mail,the row repeats the header');

  await page.getByRole('button', { name: 'Make a segment of it' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(`Premium of ${theme}`);
  await expect(dialog.getByText(/^60 of .* users/)).toBeVisible();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText(`Premium of ${theme} is a segment now.`)).toBeVisible();
  await page.getByRole('link', { name: 'Use its columns in filters' }).click();
  await expect(page.getByText(/^60 of .* users/)).toBeVisible();

  // What a segment uses cannot be deleted, but replaced.
  await openApp(page, `/tables/${name}`);
  await expect(page.getByRole('link', { name: `Premium of ${theme}` })).toHaveAttribute('href', /segments\/premium-of/);
  const gone = page.getByRole('button', { name: 'Delete' });
  await expect(gone).toBeDisabled();
  await gone.hover({ force: true });
  await expect(page.getByText(`It is used by Premium of ${theme}`)).toBeVisible();
  await shoot('table-used');
  await page.getByRole('link', { name: 'Replace' }).click();
  await expect(page.getByText(`These use it: Premium of ${theme}.`)).toBeVisible();
  await give(page, 'Premium of today.csv', [header, ...good.slice(0, 20)].join('\n'));
  expect(await counts(page, 'What an upload would do')).toMatchObject({ Users: 20 });
  await page.getByRole('button', { name: 'Upload and replace' }).click();
  await expect(page.getByText(`${name} has 20 rows now`)).toBeVisible();
  const refreshed = await api.post(resource(`segments/${segment}/refresh`));
  expect((await refreshed.json()).size).toBe(20);
  await remove(api, name, segment);
});

test('a table is deleted, and comes back', async ({ page, api, theme }) => {
  const name = `e2e_deleted_${theme}`;
  await remove(api, name);
  await api.post(resource(`tables?name=${name}&key=user_id`), { data: 'user_id,plan\nuser-00007,pro\n' });
  await openApp(page, '/tables');
  await list(page).getByRole('link', { name }).click();
  await expect(page.getByRole('row', { name: new RegExp(`${name}.plan`) })).toContainText('text');
  await page.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByText(`${name} was deleted.`)).toBeVisible();
  await expect(list(page).getByRole('link', { name })).toHaveCount(0);
  expect(await tables(api)).not.toContainEqual(expect.objectContaining({ name }));
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(list(page).getByRole('link', { name })).toBeVisible();
  expect(await tables(api)).toContainEqual(expect.objectContaining({ name, rows: 1 }));
  await remove(api, name);
});

test('files as people have them are read, or said to be wrong at their place', async ({ page }) => {
  const [email] = await emails(page, 1);
  await openApp(page, '/tables/-');
  await give(page, 'empty.csv', '');
  await expect(page.getByText('the file is empty: its first line must name the columns')).toBeVisible();
  await expect(upload(page)).toBeHidden();

  await give(page, 'header.csv', 'email,tier\n');
  expect(await counts(page, 'What an upload would do')).toMatchObject({ 'Rows in the file': 0 });
  await expect(page.getByText('The file has a header and no rows')).toBeVisible();

  // No column says what it is: the first one is taken, and corrected by hand.
  await give(page, 'nameless.csv', `plan;kunde;Stück\npro;${email};3\nfree;x@y.example;4\n`);
  await expect(page.getByText('tells the user', { exact: true })).toBeVisible();
  await choose(page, 'Column that tells the user', 'Stück');
  await expect.poll(() => counts(page, 'What an upload would do')).toMatchObject({ 'Rows of known users': 0 });
  await expect(page.getByText('No row is of a known user.')).toBeVisible();
  await choose(page, 'Column that tells the user', 'kunde');
  await expect
    .poll(() => counts(page, 'What an upload would do'))
    .toMatchObject({ 'Rows of known users': 1, 'Rows of nobody yet': 1 });

  // What most spreadsheets of the west write where they do not write UTF-8.
  await give(page, 'old.csv', Buffer.from(`email;St\xfcck\n${email};7\n`, 'latin1'));
  await expect(page.getByText('read as Western European')).toBeVisible();
  await expect(rows(page).getByText('Stück')).toBeVisible();

  await give(page, 'odd.csv', `email,seats\n${email},many\na@b.example,3\n`);
  await expect(page.getByRole('combobox', { name: 'Type of seats' })).toBeVisible();
  await choose(page, 'Type of seats', 'number');
  await expect(page.getByRole('cell', { name: 'many "many" is not a number' })).toBeVisible();
  await expect(page.getByText('1 row keeps the file from being uploaded')).toBeVisible();
  await expect(upload(page)).toBeDisabled();
  await choose(page, 'Type of seats', 'text');
  await expect(upload(page)).toBeEnabled();

  await give(page, 'workbook.xlsx', Buffer.from([0x50, 0x4b, 3, 4, 0, 0]));
  await expect(page.getByText('This is a workbook of a spreadsheet.')).toBeVisible();
  await give(page, 'large.csv', Buffer.alloc(5 * 2 ** 20, 'a'));
  await expect(page.getByText('The file has 5.0 MB')).toBeVisible();
});

test('rows that keep a file from being uploaded are left out', async ({ page, api }) => {
  await remove(api, 'e2e_left_out');
  const known = await emails(page, 3);
  const good = known.map((email) => `${email},3`);
  const bad = [`${known[0]},3,more`, 'a@b.example', `${known[1]},many`, ',4'];
  await openApp(page, '/tables/-');
  await give(page, 'e2e left out.csv', ['email,seats', ...good, ...bad].join('\n'));
  await choose(page, 'Type of seats', 'number');
  await expect(page.getByText('3 rows keep the file from being uploaded')).toBeVisible();
  await expect(upload(page)).toBeDisabled();
  await expect(page.getByRole('row', { name: '5 the row has 3 columns, the header has 2' })).toBeVisible();

  await page.getByText('Leave these rows out').click();
  await expect(upload(page)).toBeEnabled();
  await expect(page.getByText('keep the file from being uploaded')).toBeHidden();
  const expected = {
    ...{ 'Rows in the file': 7, 'Rows of known users': 3, 'Rows of nobody yet': 0 },
    ...{ 'Without a user': 1, 'Not readable': 3, Users: 3 },
  };
  expect(await counts(page, 'What an upload would do')).toEqual(expected);
  const reasons = [
    'line,key,reason',
    '5,,"the row has 3 columns, the header has 2"',
    '6,,"the row has 1 column, the header has 2"',
    '7,,"column seats: ""many"" is not a number"',
    '8,,the key is empty',
  ];
  expect(await save(page, 'Rows left out as CSV')).toEqual(reasons);

  await upload(page).click();
  await expect(page.getByText('e2e_left_out has 3 rows now')).toBeVisible();
  expect(await counts(page, 'When it was uploaded')).toEqual(expected);
  expect(await save(page, 'Rows left out as CSV')).toEqual(reasons);
  expect(await (await api.get(resource('tables/e2e_left_out'))).json()).toMatchObject({
    ...{ rows: 3, report: { read: 7, stored: 3, invalid: 3, empty: 1 } },
    columns: [
      { name: 'email', type: 'text' },
      { name: 'seats', type: 'number' },
    ],
  });
  await remove(api, 'e2e_left_out');
});

test('a file without names is seen to have none', async ({ page, api }) => {
  await remove(api, 'e2e_nameless', 'nameless');
  const known = await emails(page, 4);
  const names = page.getByRole('checkbox', { name: 'First row holds names' });
  await openApp(page, '/tables/-');
  await give(page, 'e2e nameless.csv', known.map((email, i) => `tier ${i},${email}`).join('\n'));
  await expect(names).not.toBeChecked();
  expect(await counts(page, 'What an upload would do')).toMatchObject({ 'Rows in the file': 4, Users: 4 });
  await expect(rows(page).getByRole('columnheader', { name: /^column_2/ })).toContainText('tells the user');

  // Who knows better says so, and takes it back.
  await page.getByText('First row holds names').click();
  await expect(rows(page).getByRole('columnheader', { name: known[0] })).toBeVisible();
  await expect.poll(() => counts(page, 'What an upload would do')).toMatchObject({ 'Rows in the file': 3 });
  await page.getByText('First row holds names').click();
  await expect(rows(page).getByRole('columnheader', { name: /^column_1/ })).toBeVisible();

  await upload(page).click();
  await expect(page.getByText('e2e_nameless has 4 rows now')).toBeVisible();
  await expect(page.getByText('columns are called column_1, column_2')).toBeVisible();
  expect(await (await api.get(resource('tables/e2e_nameless'))).json()).toMatchObject({
    ...{ key: 'column_2', identity: 'usr.email', rows: 4, report: { firstLine: 'row', users: 4 } },
  });

  await openApp(page, '/tables/-');
  await give(page, 'Nameless.csv', known.join('\n'));
  await expect(names).not.toBeChecked();
  await page.getByRole('button', { name: 'Keep as a list' }).click();
  await expect(page.getByText('A list of 4 users')).toBeVisible();
  await remove(api, 'e2e_nameless', 'nameless');
});

test('a hundred thousand rows are uploaded with their progress in view', async ({ page, api }) => {
  await remove(api, 'e2e_many');
  const ids = (await ask(page, 'profiles', { columns: ['user_id'], limit: 500 })).map(({ user_id }) => user_id);
  const strangers = Array.from({ length: 100_000 - ids.length }, (_, i) => `stranger-${i}`);
  await openApp(page, '/tables/-');
  await give(page, 'e2e many.csv', ['user_id,tier', ...[...ids, ...strangers].map((id) => `${id},gold`)].join('\n'));
  const found = await counts(page, 'What an upload would do');
  expect(found).toEqual({
    ...{ 'Rows in the file': 100_000, 'Rows of known users': ids.length, 'Rows of nobody yet': strangers.length },
    Users: ids.length,
  });
  // Looked for from before it begins, since it may not be there for long.
  await Promise.all([page.getByRole('progressbar', { name: 'Upload' }).waitFor(), upload(page).click()]);
  await expect(page.getByText('e2e_many has 100,000 rows now')).toBeVisible();
  expect(await counts(page, 'When it was uploaded')).toEqual(found);
  await remove(api, 'e2e_many');
});

test('a file about plans is of all who have one of them', async ({ page, api, shoot }) => {
  await remove(api, 'e2e_plans');
  const plans = await ask(page, 'profiles', { columns: ['user_id', 'usr.plan'], limit: 1000 });
  const having = (...names: unknown[]) => plans.filter((user) => names.includes(user['usr.plan'])).length;
  await openApp(page, '/tables/-');
  await give(page, 'e2e plans.csv', 'tariff,fee\npro,9\nfree,0\nenterprises,99\n');
  await expect(page.getByText('usr.plan', { exact: true })).toBeVisible();
  expect(await counts(page, 'What an upload would do')).toMatchObject({
    ...{ 'Rows of known users': 2, 'Rows of nobody yet': 1, Users: having('pro', 'free') },
  });
  await shoot('tables-attribute');
  await choose(page, 'What it holds', 'e-mail');
  await expect.poll(() => counts(page, 'What an upload would do')).toMatchObject({ 'Rows of known users': 0 });
  await choose(page, 'What it holds', 'usr.plan');
  await expect.poll(() => counts(page, 'What an upload would do')).toMatchObject({ 'Rows of known users': 2 });
  await upload(page).click();
  await expect(page.getByText('e2e_plans has 3 rows now')).toBeVisible();
  expect(await (await api.get(resource('tables/e2e_plans'))).json()).toMatchObject({
    key: 'tariff',
    identity: 'usr.plan',
  });
  const cheap = await ask(page, 'profiles', {
    columns: ['user_id', 'e2e_plans.fee'],
    filter: 'e2e_plans.fee:<5',
    limit: 1000,
  });
  expect(cheap).toHaveLength(having('free'));
  await remove(api, 'e2e_plans');
});

test('a file of users alone is kept as a list', async ({ page, api }) => {
  await api.delete(resource('segments/testers'));
  const known = await emails(page, 7);
  await openApp(page, '/segments');
  await page.getByRole('link', { name: 'From a file' }).click();
  await give(page, 'Testers.csv', ['Contact', ...known, 'nobody@nowhere.example'].join('\n'));
  expect(await counts(page, 'What an upload would do')).toMatchObject({ 'Rows of known users': 7 });
  await page.getByRole('button', { name: 'Keep as a list' }).click();
  await expect(page.getByText('A list of 8 users')).toBeVisible();
  const made = await (await api.get(resource('segments/testers'))).json();
  expect(made).toMatchObject({ kind: 'static', identity: 'usr.email', listed: 8, matched: 7, size: 7 });
  await api.delete(resource('segments/testers'));
});

test('a Viewer sees tables, and is told what uploading needs', async ({ people, api }) => {
  await api.post(resource('tables?name=e2e_seen&key=user_id'), { data: 'user_id,plan\nuser-00007,pro\n' });
  const { context } = await people.be('Viewer');
  const page = await context.newPage();
  await openApp(page, '/tables');
  await expect(page.getByText('Uploading and deleting tables needs the role Editor.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'From a file' })).toBeDisabled();
  await list(page).getByRole('link', { name: 'e2e_seen' }).click();
  await expect(page.getByText('Uploading and deleting tables needs the role Editor.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Delete' })).toBeHidden();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export CSV' }).click(),
  ]);
  expect(await textOf(download)).toBe('user_id,plan\nuser-00007,pro\n');
  await openApp(page, '/tables/-');
  await expect(page.getByText('Uploading and deleting tables needs the role Editor.')).toBeVisible();
  await page.close();
  await remove(api, 'e2e_seen');
});

test('the pages of tables have nothing that keeps people out', { tag: '@theme' }, async ({ page, api, theme }) => {
  const name = `e2e_axe_${theme}`;
  await api.post(resource(`tables?name=${name}&key=user_id`), { data: 'user_id,plan\nuser-00007,pro\n' });
  for (const path of ['/tables', `/tables/${name}`, '/tables/-']) {
    await openApp(page, path);
    await expect(page.getByTestId(/(tables?|upload) view/)).toBeVisible();
    if (path.endsWith('-')) {
      await give(page, 'bad.csv', 'user_id,seats\nuser-00007,3\n,4\nuser-00008,5,6\n');
      await counts(page, 'What an upload would do');
    }
    const { violations } = await new AxeBuilder({ page })
      .include('[data-testid$=" view"]')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
      .analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  await remove(api, name);
});
