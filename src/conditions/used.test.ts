import { toDataFrame } from '@grafana/data';

import { STANDARD_ATTRIBUTES } from '../query/types.gen';

import { usedOf, usedTarget } from './used';

const WHO = { where: { users: 'plan:pro' } };
const frame = (columns: Record<string, unknown[]>) =>
  toDataFrame({ fields: Object.entries(columns).map(([name, values]) => ({ name, values })) });

it('asks for pages and actions whatever is typed, for attributes of users with it, for nothing else', () => {
  const asked = (attribute: string) => usedTarget(attribute, 'x', WHO, STANDARD_ATTRIBUTES);
  expect(asked('page')).toMatchObject({ queryType: 'topPages', options: { includeSegments: [WHO] } });
  expect(asked('action')).toMatchObject({ queryType: 'topActions', options: { includeSegments: [WHO] } });
  const facet = { attributes: [{ attribute: 'last_country', search: 'x' }], includeSegments: [WHO] };
  expect(asked('last_country')).toMatchObject({ queryType: 'facets', options: facet });
  for (const other of ['error', 'last_seen', 'user_id', 'nobody_knows']) {
    expect(asked(other)).toBeUndefined();
  }
});

it('has the values of most users first, but what was typed itself before, and no users without a value', () => {
  const pages = frame({ page: ['/cart/empty', '/cart', '/shop', ''], views: [9, 9, 9, 9], users: [7, 3, 8, 5] });
  const of = (value: string, users: number) => ({ value, text: value, users });
  expect(usedOf(pages, '')).toEqual([of('/shop', 8), of('/cart/empty', 7), of('/cart', 3)]);
  expect(usedOf(pages, '/cart')).toEqual([of('/cart', 3), of('/cart/empty', 7)]);
  const countries = frame({ value: ['DE', null, 'BR'], text: ['Germany', 'none', 'Brazil'], count: [2, 9, 0] });
  expect(usedOf(countries, 'GER')).toEqual([{ value: 'DE', text: 'Germany', users: 2 }]);
  expect(usedOf(countries, '')).toHaveLength(1);
  expect(usedOf(undefined, '')).toEqual([]);
});
