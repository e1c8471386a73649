import { type SegmentCondition } from '../query/types.gen';

import { leavingOf } from './leaving';

const CART = 'type:view page:/cart';
const week = { last: '7d' };
const range = { from: 'now-7d', to: 'now' };
const steps = [{ event: CART }, { not: 'action:pay' }];

it.each<[SegmentCondition, object]>([
  [{ sequence: { steps, window: week } }, { page: '/cart', range }],
  [{ all: [{ users: 'plan:pro' }, { did: { event: CART, window: week } }] }, { page: '/cart', range }],
  [{ all: [{ did: { event: 'type:view page:/a' } }, { sequence: { steps } }] }, { page: '/cart' }],
  [
    { all: [{ did: { event: CART } }, { not: { sequence: { steps: [{ event: CART }, { event: 'action:pay' }] } } }] },
    { page: '/cart' },
  ],
  [{ did: { event: 'action:buy', window: week } }, { range }],
  [{ not: { did: { event: CART } } }, {}],
  [{ any: [{ did: { event: CART } }, { did: { event: 'type:view page:/a' } }] }, {}],
  [{ did: { event: 'type:view page:(/a OR /b)' } }, {}],
  [{ users: 'page:/cart' }, {}],
])('of %j looks behind what all of them came to', (where, leaving) => expect(leavingOf({ where })).toEqual(leaving));
