import fc from 'fast-check';

import { pageAddress, partsOf } from './address';

it('finds the parts of a path again, whatever an id holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 3 }), (parts) => {
      expect(partsOf(new URL(pageAddress(parts), 'http://localhost').pathname)).toEqual(parts);
    })
  );
});
