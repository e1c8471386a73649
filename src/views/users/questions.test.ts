import { toDataFrame } from '@grafana/data';

import { EVERYBODY } from '../../audience/audience';

import { chosenOf, columnsFrom, facetOf, targetsOf, whoOf, whoOfFacets, withChosen } from './questions';
import { DEFAULT_STATE } from './state';

const state = (audience: object) => ({
  ...DEFAULT_STATE,
  audience: { ...EVERYBODY, ...audience },
});

it('asks for everybody by nothing', () => {
  expect(whoOf(state({}))).toEqual({});
});

it('lays what a person chose over the query of a panel', () => {
  const base = { filter: 'a:1 OR b:2', search: 'x', includeSegments: ['one'], activeInRange: true };
  expect(whoOf(state({ filter: 'c:3' }), base)).toEqual({
    ...base,
    filter: 'c:3 (a:1 OR b:2)',
  });
  // A user must be found by both searches, and be in a segment of each list.
  expect(whoOf(state({ search: 'y', segments: ['two', 'three'] }), base)).toEqual({
    ...base,
    filter: '(a:1 OR b:2) "x"',
    search: 'y',
    includeSegments: ['two', 'three'],
    within: { includeSegments: ['one'] },
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
    targets.slice(4).map(({ refId, options }) => [refId, (options as { attributes: object[] }).attributes])
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

it('lays applications over both, and keeps places of the filter', () => {
  const shown = state({ filter: 'c:3', applications: ['shop'] });
  expect(whoOf(shown, { filter: 'a:1' })).toEqual({ filter: 'c:3 last_application:shop a:1' });
});

it.each([
  ['segment', 'segments'],
  ['last_application', 'applications'],
])('chooses values of %s in the list of %s', (attribute, list) => {
  const before = { ...EVERYBODY, [list]: ['a'], filter: `x:1 ${attribute}:b` };
  expect(chosenOf(state(before), attribute)).toEqual({ only: ['a', 'b'], without: [] });
  const after = withChosen(before, attribute, ['a', 'c'], ['d']);
  expect(after).toEqual({ ...EVERYBODY, [list]: ['a', 'c'], filter: `x:1 -${attribute}:d` });
  expect(chosenOf(state(after), attribute)).toEqual({ only: ['a', 'c'], without: ['d'] });
});

it('chooses that an application is not known in the filter, with the others', () => {
  const after = withChosen({ ...EVERYBODY, applications: ['a'] }, 'last_application', ['a', null], []);
  expect(after).toEqual({ ...EVERYBODY, filter: '(last_application:a OR -last_application:*)' });
  expect(chosenOf(state(after), 'last_application').only).toEqual(['a', null]);
  expect(withChosen(after, 'last_application', ['a'], []).applications).toEqual(['a']);
});

it('chooses values of others in the filter', () => {
  const after = withChosen({ ...EVERYBODY, applications: ['a'] }, 'last_country', ['BR'], []);
  expect(after).toEqual({ ...EVERYBODY, applications: ['a'], filter: 'last_country:BR' });
});

it('asks facets that leave out nothing of a panel’s query', () => {
  const base = { filter: 'last_country:BR', search: 'x', excludeSegments: ['b'], activeInRange: true };
  expect(whoOfFacets(state({ filter: 'last_country:US', segments: ['a'], search: 'y' }), base)).toEqual({
    ...{ filter: 'last_country:US', includeSegments: ['a'], search: 'y', activeInRange: true },
    within: { filter: 'last_country:BR "x"', excludeSegments: ['b'] },
  });
  expect(whoOfFacets(state({ filter: 'a:1' }))).toEqual({ filter: 'a:1' });
});

it('asks for what was built beside segments and a panel’s query, which no facet leaves out', () => {
  const definition = { where: { users: 'plan:pro' } };
  expect(whoOf(state({ definition }))).toEqual({ includeSegments: [definition] });
  expect(whoOfFacets(state({ definition }))).toEqual({ within: { includeSegments: [definition] } });
  const shown = { ...state({ definition, segments: ['a', 'b'], filter: 'x:1' }), anonymous: true };
  const built = { ...definition, includeAnonymous: true };
  expect(whoOf(shown)).toEqual({
    ...{ filter: 'x:1', includeSegments: ['a', 'b'], includeAnonymous: true },
    within: { includeSegments: [built] },
  });
  const base = { filter: 'y:2', includeSegments: ['c'] };
  expect(whoOfFacets(shown, base)).toEqual({
    ...{ filter: 'x:1', includeSegments: ['a', 'b'], includeAnonymous: true },
    within: { includeSegments: [built], within: base },
  });
  expect(whoOf(shown, base)).toEqual({
    ...{ filter: 'x:1 y:2', includeSegments: ['a', 'b'], includeAnonymous: true },
    within: { includeSegments: [built], within: { includeSegments: ['c'] } },
  });
});

it('has no values of a facet that was not answered', () => {
  expect(facetOf(undefined, 'x')).toEqual({ values: undefined, more: false, error: undefined });
});

it('reads what the values of a facet mean, where that is told', () => {
  const frame = (...names: string[]) =>
    toDataFrame({
      name: 'x',
      fields: names.map((name) => ({ name, values: [name === 'count' ? 3 : `the ${name}`] })),
    });
  const read = (...names: string[]) => facetOf({ frames: [frame(...names)] }, 'x').values;
  const counted = { value: 'the value', text: 'the text', count: 3 };
  expect(read('value', 'text', 'count')).toEqual([counted]);
  expect(read('value', 'text', 'count', 'sentence')).toEqual([{ ...counted, sentence: 'the sentence' }]);
});
