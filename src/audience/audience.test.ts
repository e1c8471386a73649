import fc from 'fast-check';

import { type Audience, EVERYBODY, fromAddress, isEverybody, toAddress, toSelection } from './audience';

const text = fc.string({ unit: 'grapheme' });
const audience: fc.Arbitrary<Audience> = fc.record({
  segments: fc.uniqueArray(text.filter(Boolean)),
  applications: fc.uniqueArray(text.filter(Boolean)),
  filter: text,
  search: text,
});

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

it('takes applications for the last ones of users, and those of sessions', () => {
  const shown = { ...EVERYBODY, applications: ['shop', 'the "app"'], filter: 'a:1 OR b:2' };
  expect(toSelection(shown)).toEqual({ filter: '(a:1 OR b:2) last_application:(shop OR "the \\"app\\"")' });
  expect(toSelection({ ...EVERYBODY, applications: ['shop'] }, 'sessions')).toEqual({ filter: 'application:shop' });
});
