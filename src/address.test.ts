import { locationService } from '@grafana/runtime';
import fc from 'fast-check';

import { pageAddress, partsOf, setParameters } from './address';

it('finds the parts of a path again, whatever an id holds', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { maxLength: 3 }), (parts) => {
      expect(partsOf(new URL(pageAddress(parts), 'http://localhost').pathname)).toEqual(parts);
    })
  );
});

it('leaves the address of another page alone, where what was typed comes too late', () => {
  locationService.push(pageAddress(['users']));
  setParameters([['s', 'ann']], true, ['users']);
  expect(locationService.getLocation().search).toBe('?s=ann');
  locationService.push(pageAddress(['users', 'profile'], [['user', 'u-1']]));
  setParameters([['s', 'anna']], true, ['users']);
  expect(locationService.getLocation().search).toBe('?user=u-1');
});
