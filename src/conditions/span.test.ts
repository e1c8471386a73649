import { type SegmentCondition } from '../query/types.gen';

import { spanOf } from './span';

const CART = 'type:view page:/cart';
const week = { last: '7d' };
const day = { last: '1d' };
const steps = [{ event: CART }, { not: 'action:pay' }];

it.each<[SegmentCondition, string | undefined]>([
  [{ sequence: { steps, window: week } }, 'now-7d'],
  [{ all: [{ users: 'plan:pro' }, { did: { event: CART, window: week } }] }, 'now-7d'],
  [{ all: [{ did: { event: CART, window: week } }, { sequence: { steps, window: day } }] }, 'now-1d'],
  [{ all: [{ sequence: { steps } }, { all: [{ did: { event: CART, window: week } }] }] }, 'now-7d'],
  [{ did: { event: CART } }, undefined],
  [{ not: { did: { event: CART, window: week } } }, undefined],
  [{ any: [{ did: { event: CART, window: week } }, { users: 'plan:pro' }] }, undefined],
  [{ users: 'page:/cart' }, undefined],
])('of %j it is that of what all of them did', (where, from) =>
  expect(spanOf({ where })).toEqual(from && { from, to: 'now' })
);
