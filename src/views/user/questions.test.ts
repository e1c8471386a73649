import { type Field, FieldType, toDataFrame } from '@grafana/data';

import { comparedOf, knownOf, pinnedFirst, searched, segmentsOf, targetsOf } from './questions';
import { DEFAULT_STATE } from './state';

const field = (name: string, value: unknown, displayName = name, type = FieldType.string) => ({
  ...{ name, type, values: [value] },
  config: { displayNameFromDS: displayName },
});

it('asks all of one user together, and for a session only where one is open', () => {
  const refIds = (part: object) => targetsOf({ ...DEFAULT_STATE, ...part }).map(({ refId }) => refId);
  expect(refIds({ user: 'a' })).toEqual(['profile', 'pages', 'actions', 'sessions']);
  expect(refIds({ user: 'a', session: '5' }).at(-1)).toBe('session');
  const third = targetsOf({ ...DEFAULT_STATE, user: 'a', anonymous: true, page: 3, session: '5' });
  expect(third.every(({ options }) => (options as { anonymous: boolean }).anonymous)).toBe(true);
  expect(third[3].options).toMatchObject({ offset: 40, limit: 20 });
  expect(third[4].options).toEqual({ user: 'a', anonymous: true, start: '5', course: true });
});

it('asks nothing of nobody, since that would be asked of everybody', () => {
  expect(targetsOf(DEFAULT_STATE)).toEqual([]);
});

const profile = toDataFrame({
  fields: [
    field('user_id', 'a', 'User ID'),
    field('first_seen', 1, 'First seen', FieldType.time),
    field('first_country', 'BR', 'First country'),
    field('first_city', null, 'First city'),
    field('first_os_name', 'iOS', 'First OS name'),
    field('first_region', 'Bahia', 'First region'),
    field('last_country', 'DE', 'Last country'),
    field('last_city', null, 'Last city'),
    field('last_os_name', 'iOS', 'Last OS name'),
    field('last_region', null, 'Last region'),
    field('sessions', 2, 'Sessions', FieldType.number),
    field('usr.plan', 'pro'),
  ],
});

it('lists what is known, the first value where it differs', () => {
  expect(knownOf(profile).map(({ name, field, first }) => [name, field.values[0], first?.values[0]])).toEqual([
    ['Country', 'DE', 'BR'],
    ['OS name', 'iOS', undefined],
    ['Region', null, 'Bahia'],
    ['usr.plan', 'pro', undefined],
  ]);
});

it('finds attributes by name, id and value as it is shown', () => {
  const shown = ({ values }: Field) => (values[0] === 'DE' ? 'Germany' : String(values[0] ?? ''));
  const found = (search: string) => searched(knownOf(profile), search, shown).map(({ id }) => id);
  expect(found('')).toHaveLength(4);
  expect(found(' germ')).toEqual(['country']);
  expect(found('br')).toEqual(['country']);
  expect(found('USR.')).toEqual(['usr.plan']);
  expect(found('os')).toEqual(['os_name']);
});

it('has what is pinned first, and nothing that this user lacks', () => {
  const ids = (pinned: string[]) => pinnedFirst(knownOf(profile), pinned).map(({ id }) => id);
  expect(ids(['usr.plan', 'usr.team', 'os_name'])).toEqual(['usr.plan', 'os_name', 'country', 'region']);
  expect(ids([])).toEqual(['country', 'os_name', 'region', 'usr.plan']);
});

it('reads segments, and none where there is no answer', () => {
  const frame = toDataFrame({ fields: [field('id', 'pro'), field('name', 'Pro users'), field('since', 5)] });
  expect(segmentsOf(frame)).toEqual([{ id: 'pro', name: 'Pro users', since: 5 }]);
  expect(segmentsOf(undefined)).toEqual([]);
});

it('compares totals, where they are told', () => {
  const numbers = (name: string, values: number[]) => ({ name, type: FieldType.number, values });
  const totals = toDataFrame({
    fields: [
      { name: 'total', type: FieldType.string, values: ['sessions', 'views'] },
      ...[numbers('percentile', [90, 50]), numbers('median', [2, 7.5])],
    ],
  });
  expect(comparedOf(totals, 'views')).toEqual({ percentile: 50, median: 7.5 });
  expect(comparedOf(totals, 'errors')).toBeUndefined();
  expect(comparedOf(undefined, 'views')).toBeUndefined();
});
