import { CoreApp } from '@grafana/data';

import { changeType, defaultQuery, displayText, isComplete, measureText, QUERY_TYPES, withDefaults } from './queries';
import { type FootfallQuery } from './types';
import { type Condition, type OptionsByType, type QueryType } from './types.gen';

function query<T extends QueryType>(queryType: T, options: OptionsByType[T]): FootfallQuery {
  return { refId: 'A', queryType, options } as FootfallQuery;
}

const countryIs = (...values: string[]): Condition => ({ attribute: 'last_country', operator: '=', values });

describe('isComplete', () => {
  it.each<[string, Condition[] | undefined, boolean]>([
    ['no conditions', undefined, true],
    ['a condition without attribute', [{ attribute: '', operator: '=', values: ['BR'] }], false],
    ['= without values', [countryIs()], false],
    ['= with values', [countryIs('BR', 'DE')], true],
    ['< without a value', [{ attribute: 'sessions', operator: '<', values: [] }], false],
    ['< with two values', [{ attribute: 'sessions', operator: '<', values: ['1', '2'] }], false],
    ['exists', [{ attribute: 'usr.plan', operator: 'exists' }], true],
    ['a complete and an incomplete condition', [countryIs('BR'), countryIs()], false],
  ])('profiles with %s', (_, filters, complete) => {
    expect(isComplete(query('profiles', { filters }))).toBe(complete);
  });

  it.each<[FootfallQuery, boolean]>([
    [query('profile', {}), false],
    [query('profile', { user: '42' }), true],
    [query('sessions', {}), true],
    [query('sessions', { anonymous: true }), false],
    [query('topPages', { anonymous: true, user: 'a1' }), true],
    [query('session', {}), false],
    [query('session', { user: '42' }), false],
    [query('session', { user: '42', start: '2026-01-31T12:00:00Z' }), true],
    [query('session', { session: 's1' }), true],
    [query('pathways', {}), true],
    [query('pathways', { anchor: 'after' }), false],
    [query('pathways', { anchor: 'before', page: '/cart' }), true],
    [query('explorer', {}), true],
    [query('explorer', { measures: [{ measure: 'median' }] }), false],
    [query('explorer', { measures: [{ measure: 'median', attribute: 'duration' }] }), true],
    [query('explorer', { measures: [{ ratio: { of: { measure: 'sum' }, to: { measure: 'count' } } }] }), false],
    [query('explorer', { facets: [{ attribute: '' }] }), false],
    [query('values', {}), false],
    [query('values', { attribute: 'country' }), true],
    [query('events', {}), true],
    [query('annotations', {}), true],
    [query('segments', {}), true],
    [query('segmentMembers', {}), false],
    [query('segmentMembers', { segment: 'carts' }), true],
    [query('segmentMembers', { segment: { where: {} } }), true],
    [query('segmentSize', {}), true],
  ])('%j: %s', (asked, complete) => {
    expect(isComplete(asked)).toBe(complete);
  });
});

describe('defaults', () => {
  it('are all users, and for alert rules a count over time', () => {
    expect(defaultQuery()).toEqual({ queryType: 'profiles', options: {} });
    expect(defaultQuery(CoreApp.Explore).queryType).toBe('profiles');
    expect(defaultQuery(CoreApp.UnifiedAlerting)).toMatchObject({
      queryType: 'explorer',
      options: { format: 'timeseries', measures: [{ measure: 'count' }] },
    });
  });

  it('complete a query written by hand', () => {
    expect(withDefaults({ refId: 'A' } as FootfallQuery)).toEqual(query('profiles', {}));
  });

  it('a change of type keeps the filter and segments alone', () => {
    const changed = changeType({ ...query('events', { filter: 'country:BR', limit: 5 }), hide: true }, 'sessions');
    expect(changed).toEqual({ ...query('sessions', { filter: 'country:BR' }), hide: true });
    expect(changeType(query('events', { limit: 5 }), 'sessions').options).toEqual({});
    const narrowed = { includeSegments: ['carts'], excludeSegments: [{ where: {} }] };
    expect(changeType(query('events', { ...narrowed, limit: 5 }), 'pathways').options).toEqual(narrowed);
    expect(changeType(query('events', narrowed), 'segmentMembers').options).toEqual({});
    // The backend refuses a filter there, and the editor has no box in which to remove it.
    expect(changeType(query('events', { filter: 'country:BR' }), 'values').options).toEqual({});
  });
});

describe('display texts', () => {
  it.each<[FootfallQuery, string]>([
    [query('profiles', { search: 'ann', filter: 'plan:pro' }), 'Users with ann where plan:pro'],
    [query('profile', { user: '42' }), 'User 42'],
    [query('sessions', { user: '42', filter: 'country:BR' }), 'Sessions of user 42 where country:BR'],
    [query('pathways', { anchor: 'after', page: '/cart' }), 'Pathways after /cart'],
    [query('explorer', {}), 'Explorer count over events'],
    [
      query('explorer', {
        over: 'sessions',
        measures: [
          { measure: 'median', attribute: 'session_duration' },
          { measure: 'users', name: 'visitors' },
        ],
        facets: [{ attribute: 'country' }, { attribute: '' }],
      }),
      'Explorer median session_duration, visitors over sessions by country',
    ],
    [query('activeUsers', { filter: 'country:BR' }), 'Active users where country:BR'],
    [query('annotations', { kind: 'firstSeen' }), 'Annotations first seen'],
    [
      query('events', { includeSegments: ['a', { where: {} }], excludeSegments: ['b'], filter: 'type:error' }),
      'Events in a, a definition not in b where type:error',
    ],
    [query('segmentMembers', { segment: 'carts' }), 'Segment members of carts'],
    [query('funnel' as QueryType, {}), 'funnel'],
    [query('segmentSize', { segments: ['a', 'b'] }), 'Segment sizes of a, b'],
  ])('%j', (asked, text) => {
    expect(displayText(asked)).toBe(text);
  });

  it('exist for every type', () => {
    for (const queryType of Object.keys(QUERY_TYPES) as QueryType[]) {
      expect(displayText(query(queryType, {}))).toContain(QUERY_TYPES[queryType].label);
    }
  });

  it('write a ratio as a fraction', () => {
    expect(measureText({ ratio: { of: { measure: 'users' }, to: { measure: 'sessions' } } })).toBe('users / sessions');
  });
});
