import { columnsFrom, facetOf, targetsOf, whoOf } from './questions';
import { DEFAULT_STATE } from './state';

const state = (audience: object) => ({
  ...DEFAULT_STATE,
  audience: { segments: [], filter: '', search: '', ...audience },
});

it('asks for everybody by nothing', () => {
  expect(whoOf(state({}))).toEqual({});
});

it('lays what a person chose over the query of a panel', () => {
  const base = { filter: 'a:1 OR b:2', search: 'x', includeSegments: ['one'], activeInRange: true };
  expect(whoOf(state({ filter: 'c:3' }), base)).toEqual({
    ...base,
    filter: '(a:1 OR b:2) c:3',
  });
  // A user must be found by both searches, and be in a segment of each list.
  expect(whoOf(state({ search: 'y', segments: ['two', 'three'] }), base)).toEqual({
    ...base,
    filter: '(a:1 OR b:2) "x" segment:(two OR three)',
    search: 'y',
  });
  expect(whoOf(state({ segments: ['two'] }), { filter: 'a:1' })).toEqual({ filter: 'a:1', includeSegments: ['two'] });
});

it('shows a query’s columns with the user first', () => {
  expect(columnsFrom(['sessions', 'user_email', 'user_id'])).toEqual(['user', 'sessions']);
  expect(columnsFrom([])).toEqual(columnsFrom());
});

it('asks facets of one limit together, with what is chosen of them', () => {
  const targets = targetsOf(
    state({ filter: 'last_country:BR -last_city:"Rio"', segments: ['a'] }),
    ['user'],
    ['segment', 'last_country', 'last_city'],
    { last_city: { limit: 50, search: 'r' } }
  );
  expect(
    targets.slice(3).map(({ refId, options }) => [refId, (options as { attributes: object[] }).attributes])
  ).toEqual([
    [
      'facets5',
      [
        { attribute: 'segment', values: ['a'] },
        { attribute: 'last_country', values: ['BR'] },
      ],
    ],
    ['facets50', [{ attribute: 'last_city', search: 'r', values: ['Rio'] }]],
  ]);
});

it('has no values of a facet that was not answered', () => {
  expect(facetOf(undefined, 'x')).toEqual({ values: undefined, more: false, error: undefined });
});
