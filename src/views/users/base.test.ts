import { type Segment, STANDARD_ATTRIBUTES } from '../../query/types.gen';

import { baseText, segmentsOf } from './base';

const segments = [{ id: 'a', name: 'Premium' }] as Segment[];

it('says nothing of nothing', () => {
  expect(baseText({}, STANDARD_ATTRIBUTES, segments)).toBe('');
  expect(baseText({ filter: '', filters: [], includeSegments: [] }, STANDARD_ATTRIBUTES, segments)).toBe('');
});

it('says everything', () => {
  const base = {
    filter: 'last_country:BR page:/cart',
    filters: [{ attribute: 'sessions', operator: '>=' as const, values: ['2'] }],
    includeSegments: ['a', { where: { users: 'x:1' } }],
    excludeSegments: ['b'],
    search: 'ann',
    activeInRange: true,
  };
  expect(baseText(base, STANDARD_ATTRIBUTES, segments)).toBe(
    'in Premium or a segment of its own; not in b; Last country: Brazil; Page: /cart; sessions >= 2; the search for ann; ' +
      'active in the time range'
  );
  expect(segmentsOf(base)).toEqual(['a', 'b']);
});
