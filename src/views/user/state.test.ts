import fc from 'fast-check';

import { DEFAULT_STATE, fromParameters, toParameters, type UserState } from './state';

const state: fc.Arbitrary<UserState> = fc.record({
  user: fc.string({ unit: 'grapheme' }),
  anonymous: fc.boolean(),
  range: fc.constantFrom({ from: 'now-30d', to: 'now' }, { from: 'now-7d/d', to: 'now' }, { from: '1000', to: '2000' }),
  page: fc.integer({ min: 1, max: 1e6 }),
  session: fc.oneof(fc.constant(''), fc.integer().map(String)),
});

it('comes back from an address as it was', () => {
  fc.assert(
    fc.property(state, (shown) => {
      const address = new URLSearchParams(toParameters(shown)).toString();
      expect(fromParameters(new URLSearchParams(address))).toEqual(shown);
    })
  );
});

it('takes what is wrong as usual', () => {
  expect(fromParameters(new URLSearchParams('page=-1&session=yesterday&anonymous=maybe'))).toEqual(DEFAULT_STATE);
});
