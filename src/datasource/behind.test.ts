import { type DataFrame, dateTime, FieldType, textUtil } from '@grafana/data';

import { type FootfallQuery } from '../query/types';
import { type OptionsByType, type QueryType } from '../query/types.gen';

import { withListsBehind } from './behind';

const FROM = Date.UTC(2026, 2, 20);
const TO = Date.UTC(2026, 3, 1);
const DAY = 86_400_000;

const asked = {
  uid: 'store',
  range: { from: dateTime(FROM), to: dateTime(TO), raw: { from: 'now-12d', to: 'now' } },
  timeZone: 'Europe/Berlin',
};

const queryOf = <T extends QueryType>(queryType: T, options: OptionsByType[T], more: object = {}) =>
  ({ refId: 'A', queryType, options, ...more }) as FootfallQuery;

const field = (name: string, values: unknown[], labels?: Record<string, string>) => ({
  ...{ name, type: FieldType.other, config: {}, values },
  ...(labels && { labels }),
});

const frameOf = (...fields: Array<ReturnType<typeof field>>): DataFrame => ({ length: 1, fields });

/** Where the number in a field leads, once Grafana has made its link safe; undefined where it leads nowhere. */
function target(query: FootfallQuery, frame: DataFrame, at: number, known: Record<string, string> = {}) {
  const link = withListsBehind(frame, query, asked).fields[at].config.links?.at(-1);
  const replaceVariables = (text: string) => text.replace(/\$\{([^}]+)\}/g, (_, name) => known[name]);
  const address = link && textUtil.sanitizeUrl(link.onBuildUrl!({ replaceVariables } as never));
  const { pathname, searchParams } = new URL(address ?? '/', 'http://grafana');
  return address && { path: pathname.split('/').at(-1), ...Object.fromEntries(searchParams) };
}

const whole = { from: String(FROM), to: String(TO) };
const users = { path: 'users', ds: 'store', ...whole };
const value = (options: OptionsByType['explorer']) => queryOf('explorer', { format: 'value', ...options });
const one = frameOf(field('Number', [5]));

it.each<[OptionsByType['explorer'], object | undefined]>([
  [{ measures: [{ measure: 'users' }] }, { ...users, q: 'type:*' }],
  [
    { measures: [{ measure: 'users' }], filter: 'page:/a OR page:/b' },
    { ...users, q: 'has(page:/a OR page:/b)' },
  ],
  [
    { measures: [{ measure: 'users', filter: 'frustration:*' }], filter: '-country:BR', includeSegments: ['a'] },
    { ...users, q: 'has(-country:BR frustration:*)', seg: 'a' },
  ],
  [
    {
      measures: [{ measure: 'users' }],
      filter: '(application:* OR -application:*)',
      within: { filter: 'page:"/a b"' },
    },
    { ...users, q: 'has(page:"/a b")' },
  ],
  [
    { measures: [{ measure: 'users' }], excludeSegments: ['a', 'b'] },
    { ...users, q: 'has(-segment:(a OR b))' },
  ],
  // Nothing says the same of users: has(...) in another, what no event of a session may be, definitions.
  [{ measures: [{ measure: 'users' }], filter: 'has(page:/a)' }, undefined],
  [{ over: 'sessions', measures: [{ measure: 'users' }], filter: '-page:/a' }, undefined],
  [{ measures: [{ measure: 'users' }], includeSegments: [{ where: { users: 'sessions:>1' } }] }, undefined],
  [
    { over: 'sessions', measures: [{ measure: 'users' }], filter: 'page:/a' },
    { ...users, q: `has(page:/a session_start:>=${FROM})` },
  ],
  [
    { over: 'users', filter: 'usr.plan:pro' },
    { ...users, q: `usr.plan:pro has(session_start:>=${FROM})` },
  ],
])('leads from the users of %j to %j', (options, wanted) => {
  expect(target(value(options), one, 0)).toEqual(wanted);
});

const sessions = { path: 'sessions', ds: 'store', anon: '1', ...whole };
const listed = { path: 'footfall-explorer', 'var-datasource': 'store', 'var-segment': '$__all', ...whole };

it.each<[OptionsByType['explorer'], object | undefined]>([
  [{ filter: 'type:error' }, { ...listed, viewPanel: '22', 'var-filter': 'type:error' }],
  [
    { over: 'sessions', filter: 'frustration:*', includeSegments: ['a'] },
    { ...sessions, q: 'frustration:*', seg: 'a' },
  ],
  [{ over: 'sessions', measures: [{ measure: 'median', attribute: 'session_duration' }] }, sessions],
  [
    { measures: [{ ratio: { of: { measure: 'count', filter: 'frustration:*' }, to: { measure: 'sessions' } } }] },
    { ...listed, viewPanel: '22', 'var-filter': 'frustration:*' },
  ],
  [{ measures: [{ measure: 'count / users' as never }] }, { ...listed, viewPanel: '22', 'var-filter': '' }],
  // Of an event in the range the session may begin before it.
  [{ measures: [{ measure: 'sessions' }] }, undefined],
])('leads from a number of %j to %j', (options, wanted) => {
  expect(target(value(options), one, 0)).toEqual(wanted);
});

it('keeps what a dashboard adds by ad-hoc filters, where a filter can say it', () => {
  const measures = [{ measure: 'users' as const }];
  const add = (operator: string) => ({ adHocFilters: [{ attribute: 'country', operator, values: ['B R', '+'] }] });
  const filtered = (operator: string) =>
    target(queryOf('explorer', { format: 'value', measures }, add(operator)), one, 0);
  expect(filtered('=|')).toEqual({ ...users, q: 'has(country:("B R" OR "+"))' });
  expect(filtered('=~')).toBeUndefined();
});

describe('a cell of a table', () => {
  const table = frameOf(
    field('page', ['/a', '(none)', '(other)']),
    field('usr.plan', ['pro', 'pro', 'free']),
    field('Users', [3, 2, 1]),
    field('Events', [9, 8, 7])
  );
  const facets = [{ attribute: 'page' }, { attribute: 'plan' }];
  const query = queryOf('explorer', {
    format: 'table',
    facets,
    measures: [{ measure: 'users' }, { measure: 'count' }],
  });
  const row = (page: string) => ({ '__data.fields["page"]': page, '__data.fields["usr.plan"]': 'pro' });

  it('leads to what its row counts', () => {
    expect(target(query, table, 2, row('/a'))).toEqual({ ...users, q: 'has(page:/a usr.plan:pro)' });
    expect(target(query, table, 3, row('/a "b"'))).toMatchObject({ 'var-filter': 'page:"/a \\"b\\"" usr.plan:pro' });
    expect(target(query, table, 2, row('(none)'))).toEqual({ ...users, q: 'has(-page:* usr.plan:pro)' });
    expect(target(query, table, 0)).toBeUndefined();
  });

  it('lets what stands behind its numbers alone', () => {
    const latest = frameOf(
      ...table.fields.slice(0, 4),
      field('latest', [TO, TO, TO]),
      field('latest_user', ['a', 'b', 'c'])
    );
    const asked = { ...query, options: { ...query.options, latest: true } } as FootfallQuery;
    expect(target(asked, latest, 3, row('/a'))).toMatchObject({ viewPanel: '22' });
    expect(target(asked, latest, 4, row('/a'))).toBeUndefined();
    expect(target(asked, latest, 5, row('/a'))).toBeUndefined();
  });

  it('takes all that is not shown for (other)', () => {
    const pages = frameOf(field('page', ['/a', '(none)', '(other)']), field('Users', [3, 2, 1]));
    const byPage = queryOf('explorer', {
      format: 'table',
      facets: [{ attribute: 'page', other: true }],
      measures: [{ measure: 'users' }],
    });
    const q = 'has(-page:/a page:*)';
    const series = frameOf(...['/a', '(none)', '(other)'].map((page) => field('Users', [1], { page })));
    expect(
      target(value({ facets: [{ attribute: 'page', other: true }], measures: [{ measure: 'users' }] }), series, 2)
    ).toEqual({ ...users, q });
    expect(target(byPage, pages, 1, { '__data.fields["page"]': '(other)' })).toEqual({ ...users, q });
  });

  it('leads from top pages to their views and users', () => {
    const pages = frameOf(field('page', ['/a']), field('views', [5]), field('sessions', [4]), field('users', [3]));
    const top = queryOf('topPages', { filter: 'country:BR' });
    const page = { '__data.fields["page"]': '/a' };
    expect(target(top, pages, 1, page)).toMatchObject({
      viewPanel: '22',
      'var-filter': 'country:BR type:view page:/a',
    });
    expect(target(top, pages, 2, page)).toBeUndefined();
    expect(target(top, frameOf(field('page', ['/a']), field('median_time', [9])), 1, page)).toMatchObject({
      'var-filter': 'country:BR type:view page:/a',
    });
    expect(target(top, pages, 3, page)).toEqual({ ...users, q: 'has(country:BR type:view page:/a)' });
  });
});

describe('a point of a time series', () => {
  const days = [FROM - DAY / 2, FROM + DAY / 2, FROM + 1.5 * DAY];
  const at = (time: number) => ({ '__value.time': String(time) });

  it('leads to what its bucket counts, within the range', () => {
    const series = frameOf(field('time', days), field('Users', [1, 2, 3], { country: 'BR' }));
    const query = queryOf('explorer', {
      interval: 'day',
      facets: [{ attribute: 'country' }],
      measures: [{ measure: 'users' }],
    });
    const of = (from: number, to: number) => ({ ...users, q: 'has(country:BR)', from: String(from), to: String(to) });
    expect(target(query, series, 1, at(days[0]))).toEqual(of(FROM, days[1]));
    expect(target(query, series, 1, at(days[1]))).toEqual(of(days[1], days[2]));
    expect(target(query, series, 1, at(days[2]))).toEqual(of(days[2], TO));
    expect(
      target(queryOf('explorer', { ...query.options, fill: false } as never), series, 1, at(days[1]))
    ).toBeUndefined();
  });

  it('ends the last one where the answer says', () => {
    const series = { ...frameOf(field('time', days), field('Users', [1, 2, 3])), meta: { custom: { to: TO - DAY } } };
    const query = queryOf('explorer', { interval: 'day', whole: true, measures: [{ measure: 'users' }] });
    expect(target(query, series, 1, at(days[1]))).toMatchObject({ to: String(days[2]) });
    expect(target(query, series, 1, at(days[2]))).toMatchObject({ from: String(days[2]), to: String(TO - DAY) });
  });

  it('leads to those active on a day, and in the days up to it, however long these are', () => {
    const midnight = Date.UTC(2026, 2, 30, 22); // of the 31st in Berlin, where the clock was put forward on the 29th
    const frame = frameOf(field('time', [midnight]), field('active7', [9]), field('new', [4]), field('returning', [5]));
    const week = midnight - 6 * DAY + 3_600_000;
    const of = (q: string, from: number) => ({ ...users, q, from: String(from) });
    const query = queryOf('activeUsers', {});
    expect(target(query, frame, 1, at(midnight))).toEqual(of(`has(session_start:>=${week})`, week));
    expect(target(query, frame, 2, at(midnight))).toEqual(
      of(`has(first_seen:>=${midnight} session_start:>=${midnight})`, midnight)
    );
    expect(target(query, frame, 3, at(midnight))).toEqual(
      of(`has(first_seen:<${midnight} session_start:>=${midnight})`, midnight)
    );
  });
});

it('leads from the numbers of a session to its events', () => {
  const frame = frameOf(
    ...[field('session_start', [1000, 1000]), field('duration', [7, 50]), field('user_id', ['b', 'a b'])],
    ...[field('session_id', ['s', null]), field('errors', [1, 2]), field('user_name', ['B', 'A'])]
  );
  const known = { '__data.fields["session_start"].numeric': '1000', '__data.fields["user_id"]': 'a b' };
  const query = queryOf('sessions', { filter: 'country:BR' });
  expect(target(query, frame, 4, known)).toEqual({
    ...listed,
    ...{ viewPanel: '22', 'var-filter': 'user_id:"a b" type:error', from: '1000', to: '1051' },
  });
  expect(target(query, frame, 4, { ...known, '__data.fields["user_id"]': 'b' })).toMatchObject({
    ...{ 'var-filter': 'user_id:b session_id:s type:error', to: '1008' },
  });
  expect(target(query, frame, 5, known)).toBeUndefined();
});

it('leaves other answers alone', () => {
  expect(withListsBehind(one, queryOf('profiles', {}), asked)).toBe(one);
});
