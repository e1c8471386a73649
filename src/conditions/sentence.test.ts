import { STANDARD_ATTRIBUTES } from '../query/types.gen';

import { definitionText, segmentsNamed } from './sentence';

const known = { attributes: STANDARD_ATTRIBUTES, segments: [{ id: 'premium', name: 'Premium users' }] };
const cart = { did: { event: 'type:view page:/cart' } };
const brazil = { users: 'last_country:BR' };
const premium = { segment: 'premium' };

it.each([
  ['viewed page /cart', cart],
  ['viewed page /cart and have Last country is Brazil', { all: [cart, brazil] }],
  [
    'have Last country is Brazil and (viewed page /cart or are in the segment Premium users)',
    { all: [brazil, { any: [cart, premium] }] },
  ],
  [
    'have Last country is Brazil and none of (viewed page /cart or are in the segment Premium users)',
    { all: [brazil, { not: { any: [cart, premium] } }] },
  ],
  ['not all of (viewed page /cart and have Last country is Brazil)', { not: { all: [cart, brazil] } }],
  ['are not in the segment Premium users', { not: premium }],
])('says %s', (text, where) => {
  expect(definitionText({ where }, known)).toBe(text);
});

it('knows the segments that it names', () => {
  expect(segmentsNamed({ where: { all: [brazil, { not: { any: [cart, premium] } }] } })).toEqual(['premium']);
});
