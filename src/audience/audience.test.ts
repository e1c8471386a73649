import fc from 'fast-check';

import { type Audience, fromAddress, isEverybody, toAddress } from './audience';

const text = fc.string({ unit: 'grapheme' });
const audience: fc.Arbitrary<Audience> = fc.record({
  segments: fc.uniqueArray(text.filter(Boolean)),
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
  expect(toAddress({ segments: [], filter: '', search: '' })).toEqual([]);
  expect(isEverybody({ segments: [], filter: '', search: '' })).toBe(true);
  expect(isEverybody({ segments: [], filter: 'country:BR', search: '' })).toBe(false);
});
