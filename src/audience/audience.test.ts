import fc from 'fast-check';

import { definitions } from '../conditions/arbitrary';

import {
  type Audience,
  EVERYBODY,
  flattened,
  fromAddress,
  isEverybody,
  segmentLists,
  toAddress,
  toSelection,
} from './audience';

const text = fc.string({ unit: 'grapheme' });
const audience: fc.Arbitrary<Audience> = fc.record(
  {
    segments: fc.uniqueArray(text.filter(Boolean)),
    applications: fc.uniqueArray(text.filter(Boolean)),
    filter: text,
    search: text,
    definition: definitions,
  },
  { requiredKeys: ['segments', 'applications', 'filter', 'search'] }
);

it('comes back from an address as it was', () => {
  fc.assert(
    fc.property(audience, (shown) => {
      expect(fromAddress(new URLSearchParams(new URLSearchParams(toAddress(shown)).toString()))).toEqual(shown);
    })
  );
});

it('leaves out what says nothing', () => {
  expect(toAddress(EVERYBODY)).toEqual([]);
  expect(isEverybody(EVERYBODY)).toBe(true);
  expect(isEverybody({ ...EVERYBODY, filter: 'country:BR' })).toBe(false);
  expect(isEverybody({ ...EVERYBODY, applications: ['shop'] })).toBe(false);
  expect(toSelection(EVERYBODY)).toEqual({});
});

it.each([
  ...['', '{', '[]', '{"where": []}', '{"where": {}}', '{"where": {"users": 1}}', '{"where": {"all": [null]}}'],
  ...['{"where": {"did": {}}}', '{"where": {"sequence": {"steps": [{}]}}}', '{"where": {"users": "a", "table": "b"}}'],
])('takes %s for no definition', (def) => {
  expect(fromAddress(new URLSearchParams({ def }))).toEqual(EVERYBODY);
});

it('asks for a definition beside segments', () => {
  const definition = { where: { users: 'plan:pro' } };
  expect(isEverybody({ ...EVERYBODY, definition })).toBe(false);
  const selection = toSelection({ ...EVERYBODY, segments: ['a', 'b'], definition });
  expect(selection).toEqual({ includeSegments: ['a', 'b'], within: { includeSegments: [definition] } });
  expect(flattened(selection)).toEqual(selection);
  expect(flattened(toSelection({ ...EVERYBODY, definition }))).toEqual({ includeSegments: [definition] });
});

it('flattens what can be said at once, and keeps the lists apart', () => {
  const innermost = { filter: 'c:3', includeSegments: ['d', 'e'], excludeSegments: ['x'] };
  const inner = { filter: 'a:1 OR b:2', includeSegments: ['c'], within: innermost };
  const selection = { filter: 'z:0', includeSegments: ['a'], excludeSegments: ['y'], within: inner };
  expect(flattened(selection)).toEqual({
    ...{ filter: 'z:0 (a:1 OR b:2) c:3', includeSegments: ['a'], excludeSegments: ['y', 'x'] },
    within: { includeSegments: ['c'], within: { includeSegments: ['d', 'e'] } },
  });
  expect(segmentLists(flattened(selection))).toEqual([['a'], ['c'], ['d', 'e']]);
  expect(flattened({ within: innermost })).toEqual(innermost);
});

it('takes applications for the last ones of users, and those of sessions', () => {
  const shown = { ...EVERYBODY, applications: ['shop', 'the "app"'], filter: 'a:1 OR b:2' };
  expect(toSelection(shown)).toEqual({ filter: '(a:1 OR b:2) last_application:(shop OR "the \\"app\\"")' });
  expect(toSelection({ ...EVERYBODY, applications: ['shop'] }, 'sessions')).toEqual({ filter: 'application:shop' });
});
