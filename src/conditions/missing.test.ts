import { type SegmentCondition } from '../query/types.gen';

import { type Missing, missingOf } from './missing';
import { type Row, toNodeOf } from './tree';

const PAGE = 'type:view page:/cart';

it.each<[SegmentCondition, Missing | undefined]>([
  [{ users: ' ' }, { what: 'attribute' }],
  [{ users: 'plan:' }, { what: 'value' }],
  [{ users: '-plan:*' }, undefined],
  [{ did: { event: '' } }, { what: 'viewed' }],
  [{ did: { event: 'frustration: page:/cart' } }, { what: 'frustration' }],
  [{ not: { did: { event: 'price:>9' } } }, undefined],
  [{ sequence: { steps: [{ event: PAGE }, { not: 'action:' }, { event: '' }] } }, { what: 'did', step: 2 }],
  [
    { all: [{ did: { event: '' } }, { not: { sequence: { steps: [{ event: '' }, { event: PAGE }] } } }] },
    { what: 'viewed', step: 1 },
  ],
  [{ segment: '' }, { what: 'segment' }],
  [{ table: '' }, { what: 'table' }],
])('knows what %j lacks', (condition, missing) => {
  expect(missingOf(toNodeOf(condition, () => 'a') as Row)).toEqual(missing);
});
