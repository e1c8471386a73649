import { type Attribute } from '../query/types.gen';

import { NotASegment, toDefinition } from './definition';

const attributes = ['last_country/profile', 'country/session', 'page/event', 'action/event', 'usr.plan/profile'].map(
  (of) => {
    const [id, level] = of.split('/');
    return { id, name: id, level, type: 'text' } as Attribute;
  }
);
const month = { from: 'now-30d', to: 'now' };
const window = { last: '30d' };
const define = (filter: string, rest = {}, range = month) =>
  toDefinition({ segments: [], filter, search: '', ...rest }, range, attributes, false).where;

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
  expect(define('', { segments: ['a', 'b'], search: ' an"n ' })).toEqual({
    all: [{ any: [{ segment: 'a' }, { segment: 'b' }] }, { users: '"an\\"n"' }],
  });
  expect(define('', { segments: ['a'] })).toEqual({ segment: 'a' });
});

it('keeps a range between dates as it is', () => {
  const range = { from: '2026-01-01T00:00:00.000Z', to: '2026-02-01T00:00:00.000Z' };
  expect(define('page:/cart', {}, range)).toEqual({ did: { event: 'page:/cart', window: range } });
});

it('refuses what is about users or events', () => {
  expect(() => define('(plan:pro OR page:/cart)')).toThrow(NotASegment);
});

it('everybody is all of nothing', () => {
  expect(define('')).toEqual({ all: [] });
});
