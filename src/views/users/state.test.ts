import fc from 'fast-check';

import { definitions } from '../../conditions/arbitrary';

import { fromParameters, ROWS, toParameters, type UsersState } from './state';

const text = fc.string({ unit: 'grapheme' });
const state: fc.Arbitrary<UsersState> = fc.record({
  audience: fc.record(
    {
      segments: fc.array(text.filter(Boolean)),
      applications: fc.array(text.filter(Boolean)),
      filter: text,
      search: text,
      definition: definitions,
    },
    { requiredKeys: ['segments', 'applications', 'filter', 'search'] }
  ),
  range: fc.constantFrom({ from: 'now-30d', to: 'now' }, { from: 'now-7d/d', to: 'now' }, { from: '1000', to: '2000' }),
  sort: fc.record({ column: fc.constantFrom('last_seen', 'usr.a-b', 'sessions'), descending: fc.boolean() }),
  page: fc.integer({ min: 1, max: 1e6 }),
  rows: fc.constantFrom(...ROWS),
  anonymous: fc.boolean(),
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
  const wrong = fromParameters(new URLSearchParams('page=-1&rows=7&sort='));
  expect(wrong).toEqual(fromParameters(new URLSearchParams()));
  expect(toParameters(wrong)).toEqual([]);
});
