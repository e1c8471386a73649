import { STANDARD_ATTRIBUTES } from '../query/types.gen';

import { holdersText } from './holders';

it('says what it is that has a value', () => {
  expect(holdersText(1200, 'last_country', STANDARD_ATTRIBUTES)).toBe('1,200 users');
  expect(holdersText(1, 'last_country', STANDARD_ATTRIBUTES)).toBe('1 user');
  expect(holdersText(1200, 'page', STANDARD_ATTRIBUTES)).toBe('1,200 sessions');
  expect(holdersText(1, 'country', STANDARD_ATTRIBUTES)).toBe('1 session');
});
