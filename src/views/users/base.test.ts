import { STANDARD_ATTRIBUTES } from '../../query/types.gen';

import { baseText, segmentsOf } from './base';

const known = { attributes: STANDARD_ATTRIBUTES, segments: [{ id: 'a', name: 'Premium' }] };

it('says nothing of nothing', () => {
  expect(baseText({}, known)).toBe('');
  expect(baseText({ filter: '', filters: [], includeSegments: [] }, known)).toBe('');
});

it('says everything', () => {
  const base = {
    filter: 'last_country:BR page:/cart',
    filters: [{ attribute: 'sessions', operator: '>=' as const, values: ['2'] }],
    includeSegments: ['a', { where: { all: [{ users: 'plan:pro' }, { segment: 'c' }] } }],
    within: { includeSegments: ['d'] },
    excludeSegments: ['b'],
    search: 'ann',
    activeInRange: true,
  };
  expect(baseText(base, known)).toBe(
    'in Premium or those who have plan is pro and are in the segment c; in d; not in b; Last country: Brazil; Page: /cart; sessions >= 2; the search for ann; ' +
      'active in the time range'
  );
  expect(segmentsOf(base)).toEqual(['a', 'c', 'd', 'b']);
});
