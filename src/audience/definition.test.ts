import { type Attribute, type Condition } from '../query/types.gen';

import { NotASegment, type Shown, toDefinition } from './definition';

const attributes = ['last_country/profile', 'country/session', 'page/event', 'action/event', 'usr.plan/profile'].map(
  (of) => {
    const [id, level] = of.split('/');
    return { id, name: id, level, type: 'text' } as Attribute;
  }
);
const month = { from: 'now-30d', to: 'now' };
const window = { last: '30d' };
const everybody: Shown = {
  ...{ segments: [], without: [], filter: '', filters: [], search: '' },
  ...{ includeAnonymous: false, activeInRange: false, timeZone: 'UTC' },
};
const define = (filter: string, rest: Partial<Shown> = {}, range = month) =>
  toDefinition({ ...everybody, filter, ...rest }, range, attributes).where;

it('keeps what is said of users', () => {
  expect(define('last_country:BR plan:pro')).toEqual({ users: 'last_country:BR plan:pro' });
});

it('turns terms on events into what users did', () => {
  expect(define('plan:pro page:/cart country:BR -action:buy has(page:/a action:b) -has(page:/c)')).toEqual({
    all: [
      { users: 'plan:pro' },
      { did: { event: 'page:/cart country:BR', window } },
      { not: { did: { event: 'action:buy', window } } },
      { did: { event: 'page:/a action:b', window } },
      { not: { did: { event: 'page:/c', window } } },
    ],
  });
});

it('takes segments and the search along', () => {
  expect(define('', { segments: [['a', 'b']], search: ' an"n ' })).toEqual({
    all: [{ any: [{ segment: 'a' }, { segment: 'b' }] }, { users: '"an\\"n"' }],
  });
  expect(define('', { segments: [['a']] })).toEqual({ segment: 'a' });
});

it('takes a list of segments and conditions that were built, both of which must hold', () => {
  const built = { where: { all: [{ users: 'plan:pro' }, { not: { segment: 'x' } }] } };
  expect(define('page:/a', { segments: [['a', 'b'], [built]] })).toEqual({
    all: [...built.where.all, { any: [{ segment: 'a' }, { segment: 'b' }] }, { did: { event: 'page:/a', window } }],
  });
});

it('wants any event of who was active in the range', () => {
  expect(define('', { activeInRange: true })).toEqual({ did: { event: 'type:*', window } });
});

it('keeps a range between dates as it is', () => {
  const range = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
  expect(define('page:/cart', {}, range)).toEqual({ did: { event: 'page:/cart', window: range } });
});

it('refuses what is about users or events', () => {
  expect(() => define('(plan:pro OR page:/cart)')).toThrow(NotASegment);
});

it('leaves out who is in other segments', () => {
  const own = { where: { users: 'plan:pro' } };
  expect(define('', { segments: [['a']], without: ['b', own] })).toEqual({
    all: [{ segment: 'a' }, { not: { any: [{ segment: 'b' }, { users: 'plan:pro' }] } }],
  });
  expect(define('', { without: ['b'] })).toEqual({ not: { segment: 'b' } });
});

it("keeps a form's conditions as terms, with those of the filter on the same event", () => {
  const filters: Condition[] = [
    { attribute: 'last_country', operator: '=|', values: ['BR', 'a b'] },
    { attribute: 'usr.plan', operator: '!=', values: ['free'] },
    { attribute: 'usr.age', operator: '>=', values: ['7'] },
    { attribute: 'usr.city', operator: 'not exists' },
    { attribute: 'country', operator: '=', values: ['BR'] },
  ];
  expect(define('page:/cart', { filters })).toEqual({
    all: [
      { users: 'last_country:(BR OR "a b") -usr.plan:free usr.age:>=7 -usr.city:*' },
      { did: { event: 'page:/cart country:BR', window } },
    ],
  });
});

it.each([
  { attribute: 'usr.plan', operator: '=~', values: ['a.*'] },
  { attribute: 'usr.plan', operator: '=', values: [''] },
] as Condition[])('refuses $operator $values of a form, which it cannot say', (condition) => {
  expect(() => define('', { filters: [condition] })).toThrow(NotASegment);
});

it('has the zone in which its dates are read', () => {
  const define = (rest: Partial<Shown>) => toDefinition({ ...everybody, ...rest }, month, attributes);
  expect(define({ timeZone: 'Europe/Berlin' })).toEqual({ where: { all: [] }, timeZone: 'Europe/Berlin' });
  const dated = { where: { users: 'first_seen:2026-01-01' } };
  expect(define({ segments: [[dated]] })).toEqual(dated);
  // Where only they have dates, it is theirs.
  expect(define({ segments: [[dated]], timeZone: 'Europe/Berlin' })).toEqual(dated);
  const two = { segments: [[dated], [{ ...dated, timeZone: 'Asia/Tokyo' }]] };
  expect(() => define(two)).toThrow(NotASegment);
  expect(() => define({ segments: [[dated]], filter: 'last_seen:>2026-01-01', timeZone: 'Asia/Tokyo' })).toThrow('UTC');
  expect(() => define({ without: [dated], includeAnonymous: true })).toThrow(NotASegment);
});

it('everybody is all of nothing', () => {
  expect(define('')).toEqual({ all: [] });
});
