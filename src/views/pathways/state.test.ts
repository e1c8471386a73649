import { DEFAULT_STATE, fromParameters, optionsOf, type PathwaysState, stateOf, toParameters } from './state';

const read = (state: PathwaysState) => fromParameters(new URLSearchParams(toParameters(state)));

it('says nothing of what is as usual', () => {
  expect(toParameters(DEFAULT_STATE)).toEqual([]);
  expect(read(DEFAULT_STATE)).toEqual(DEFAULT_STATE);
});

it('comes back from an address as it was', () => {
  const state: PathwaysState = {
    audience: { ...DEFAULT_STATE.audience, segments: ['a b'], applications: ['shop'], filter: 'country:BR' },
    range: { from: 'now-7d', to: 'now' },
    ...{ anchor: 'before', page: '/a&b=c', unit: 'user', actions: true, groups: ['/product/*'], hide: ['/login', 'x'] },
    ...{ steps: 20, rows: 50, anonymous: true, table: true, of: '2:page:/cart', list: 'users' },
    ...{ compare: 'b', compared: true },
  };
  expect(read(state)).toEqual(state);
});

it.each(['steps=1', 'steps=21', 'steps=x', 'rows=7', 'unit=people', 'list=all', 'actions=x', 'q='])(
  'takes %s for the usual',
  (text) => {
    expect(fromParameters(new URLSearchParams(text))).toEqual(DEFAULT_STATE);
  }
);

it('says in a panel what differs from its query, also where that is less', () => {
  const options = {
    anchor: 'after' as const,
    page: '/cart',
    actions: true,
    hide: ['/login'],
    steps: 3,
    nodesPerStep: 7,
  };
  const { usual, base } = stateOf({ ...options, filter: 'country:BR', includeSegments: ['a'] });
  expect(base).toEqual({ filter: 'country:BR', includeSegments: ['a'] });
  expect(toParameters(usual, usual)).toEqual([]);
  expect(optionsOf(usual, base)).toEqual({ ...options, within: base });
  const less: PathwaysState = { ...usual, anchor: 'start', page: '', actions: false, hide: [] };
  expect(fromParameters(new URLSearchParams(toParameters(less, usual)), usual)).toEqual(less);
});

it('compares with a segment in the place of those of the audience', () => {
  const audience = { ...DEFAULT_STATE.audience, segments: ['a'], filter: 'country:BR' };
  expect(optionsOf({ ...DEFAULT_STATE, audience, compare: 'b' })).toMatchObject({
    ...{ includeSegments: ['a'], filter: 'country:BR' },
    compare: { includeSegments: ['b'], filter: 'country:BR' },
  });
  const base = { filter: 'device:mobile' };
  expect(optionsOf({ ...DEFAULT_STATE, compare: 'b' }, base)).toMatchObject({
    within: base,
    compare: { includeSegments: ['b'], within: base },
  });
});

it('compares in a panel as its query says, with another, or with nobody', () => {
  const compare = { includeSegments: ['b'] };
  const { usual, base } = stateOf({ includeSegments: ['a'], compare });
  expect(toParameters(usual, usual)).toEqual([]);
  const audience = { ...DEFAULT_STATE.audience, filter: 'country:BR' };
  expect(optionsOf({ ...usual, audience }, base)).toMatchObject({
    ...{ filter: 'country:BR', within: { includeSegments: ['a'] } },
    compare: { filter: 'country:BR', within: compare },
  });
  const nobody = { ...usual, compare: '' };
  expect(fromParameters(new URLSearchParams(toParameters(nobody, usual)), usual)).toEqual(nobody);
  expect(optionsOf(nobody, base)).not.toHaveProperty('compare');
  expect(optionsOf({ ...usual, compare: 'c' }, base)).toMatchObject({
    compare: { includeSegments: ['c'], within: { includeSegments: ['a'] } },
  });
});

it('asks what the state says, and waits for a page', () => {
  expect(optionsOf(DEFAULT_STATE)).toEqual({ steps: 5, nodesPerStep: 10 });
  expect(optionsOf({ ...DEFAULT_STATE, anchor: 'after' })).toBeUndefined();
  expect(optionsOf({ ...DEFAULT_STATE, anchor: 'end' })).toEqual({ anchor: 'end', steps: 5, nodesPerStep: 10 });
  const audience = { ...DEFAULT_STATE.audience, segments: ['a'], applications: ['shop'], filter: 'country:BR' };
  expect(optionsOf({ ...DEFAULT_STATE, audience, anchor: 'after', page: '/cart', hide: ['/login'] })).toEqual({
    ...{ anchor: 'after', page: '/cart', hide: ['/login'], steps: 5, nodesPerStep: 10 },
    ...{ includeSegments: ['a'], filter: 'country:BR application:shop' },
  });
});
