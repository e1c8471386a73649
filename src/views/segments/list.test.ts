import fc from 'fast-check';

import { type Segment } from '../../query/types.gen';

import {
  arrange,
  COLUMNS,
  cutMiddle,
  DEFAULT_LIST,
  FRESHNESS,
  fromParameters,
  type ListState,
  toParameters,
} from './list';

const NOW = Date.parse('2026-01-10T12:00:00Z');

const segment = (id: string, part: Partial<Segment> = {}): Segment => ({
  ...{ id, name: id, kind: 'dynamic', refreshMinutes: 60, version: 1, sentence: 'all users', usedBy: [], stale: false },
  ...{ createdAt: '', createdBy: '', changedAt: '2026-01-01T00:00:00Z', changedBy: '', computedVersion: 1, tookMs: 1 },
  ...{ computedAt: '2026-01-10T11:30:00Z', nextAt: '2026-01-10T12:30:00Z', size: 1, universe: 10 },
  ...part,
});

const shown = (segments: Segment[], part: Partial<ListState>) =>
  arrange(segments, { ...DEFAULT_LIST, ...part }, NOW).map(({ id }) => id);

it('sorts by any column, and what is not known comes last', () => {
  const segments = [
    segment('b 10', { size: 3 }),
    segment('b 9', { size: null, weekChange: -2 }),
    segment('a', { size: 20, weekChange: 1 }),
  ];
  expect(shown(segments, {})).toEqual(['a', 'b 9', 'b 10']);
  expect(shown(segments, { sort: { column: 'size', descending: true } })).toEqual(['a', 'b 10', 'b 9']);
  expect(shown(segments, { sort: { column: 'size', descending: false } })).toEqual(['b 10', 'a', 'b 9']);
  expect(shown(segments, { sort: { column: 'weekChange', descending: false } })).toEqual(['b 9', 'a', 'b 10']);
});

it('filters by words, kind and how fresh the members are', () => {
  const segments = [
    segment('fresh'),
    segment('stale', { stale: true }),
    segment('never', { computedAt: null }),
    segment('overdue', { nextAt: '2026-01-10T11:50:00Z' }),
    segment('waits its turn', { nextAt: '2026-01-10T11:58:00Z' }),
    segment('on demand', { nextAt: null }),
    segment('failed', { stale: true, error: 'no such table' }),
    segment('list', { kind: 'static', sentence: 'the 3 users of a list' }),
  ];
  expect(shown(segments, { search: ' USERS of ' })).toEqual(['list']);
  expect(shown(segments, { kind: 'static' })).toEqual(['list']);
  expect(shown(segments, { kind: 'dynamic', freshness: 'fresh' })).toEqual(['fresh', 'on demand', 'waits its turn']);
  expect(shown(segments, { freshness: 'late' })).toEqual(['never', 'overdue', 'stale']);
  expect(shown(segments, { freshness: 'failed' })).toEqual(['failed']);
});

it('comes back from an address as it was', () => {
  const state: fc.Arbitrary<ListState> = fc.record({
    search: fc.string({ unit: 'grapheme' }),
    kind: fc.constantFrom(undefined, 'dynamic' as const, 'static' as const),
    freshness: fc.constantFrom(undefined, ...FRESHNESS),
    sort: fc.record({ column: fc.constantFrom(...COLUMNS), descending: fc.boolean() }),
  });
  fc.assert(
    fc.property(state, (shown) => {
      const address = new URLSearchParams(toParameters(shown)).toString();
      expect(fromParameters(new URLSearchParams(address))).toEqual(shown);
    })
  );
  expect(fromParameters(new URLSearchParams('kind=odd&state=odd&sort=-odd'))).toEqual(DEFAULT_LIST);
});

it('cuts a sentence in its middle', () => {
  expect(cutMiddle('as it is', 8)).toBe('as it is');
  const text = 'users who viewed /cart and then never clicked on CHECKOUT';
  expect(cutMiddle(text, 30)).toBe('users who vie … d on CHECKOUT');
  expect(cutMiddle(text, 30).length).toBeLessThanOrEqual(30);
});
