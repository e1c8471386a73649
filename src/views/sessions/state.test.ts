import fc from 'fast-check';

import { fromParameters, type toParameters as to, toParameters } from './state';

const round = (state: Parameters<typeof to>[0]) => fromParameters(new URLSearchParams(toParameters(state)));

it('is what an address says, whatever ids hold', () => {
  const text = fc.string({ unit: 'grapheme' });
  const session = fc
    .record({ start: fc.integer(), user: fc.option(text, { nil: undefined }), id: fc.option(text, { nil: undefined }) })
    .filter(({ user, id }) => user !== undefined || id !== undefined);
  fc.assert(
    fc.property(
      fc.integer({ min: 1 }),
      fc.option(session, { nil: undefined }),
      fc.boolean(),
      (page, one, anonymous) => {
        const state = { page, ...(one && { session: { ...one, ...(anonymous && { anonymous: true }) } }) };
        expect(round(state)).toEqual(state);
      }
    )
  );
});

it('takes no wrong address for a session', () => {
  expect(fromParameters(new URLSearchParams('page=0&session=x&user=a'))).toEqual({ page: 1 });
  expect(fromParameters(new URLSearchParams('page=2&session=5'))).toEqual({ page: 2 });
});
