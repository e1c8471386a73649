import { CoreApp, type DataQueryRequest, type DataSourceInstanceSettings } from '@grafana/data';
import { DataSourceWithBackend, setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { of } from 'rxjs';

import { type FootfallQuery } from '../query/types';
import { type Condition } from '../query/types.gen';

import { FootfallDatasource } from './datasource';
import { type FootfallSettings } from './types';

const query: FootfallQuery = { refId: 'A', queryType: 'profiles', options: { search: '$search' } };
const filter = { key: 'country', operator: '=', value: 'BR' };
const filtered = [{ attribute: 'country', operator: '=', values: ['BR'] }];

function newDatasource() {
  return new FootfallDatasource({
    uid: 'footfall',
    name: 'Footfall',
    jsonData: {},
  } as DataSourceInstanceSettings<FootfallSettings>);
}

/** Grafana's template service, with what only old ones have. */
function setVariables(variables: Record<string, string>, old: object = {}) {
  const replace = (text = '') => text.replace(/\$(\w+)/g, (reference, name) => variables[name] ?? reference);
  setTemplateSrv({ replace, ...old } as TemplateSrv);
}

beforeEach(() => setVariables({ search: 'ann', user: '' }));
afterEach(() => jest.restoreAllMocks());

it('starts with all users, alert rules with a count', () => {
  expect(newDatasource().getDefaultQuery()).toEqual({ queryType: 'profiles', options: {} });
  expect(newDatasource().getDefaultQuery(CoreApp.UnifiedAlerting).queryType).toBe('explorer');
});

it('does not run hidden and incomplete queries', () => {
  const datasource = newDatasource();
  const incomplete: FootfallQuery = { ...query, options: { filters: [{ attribute: '', operator: '=' }] } };
  expect([query, { ...query, hide: true }, incomplete].map((q) => datasource.filterQuery(q))).toEqual([
    true,
    false,
    false,
  ]);
});

it('refers to the variables that hold texts', () => {
  const variables = [
    { name: 'facet', type: 'custom' },
    { name: 'filters', type: 'adhoc' },
    { name: 'ds', type: 'datasource' },
    { name: 'country', type: 'query' },
  ];
  setVariables({}, { getVariables: () => variables });
  expect(newDatasource().getReferences()).toEqual(['$facet', '$country']);
});

describe('query', () => {
  const sent = (...targets: FootfallQuery[]) => {
    const send = jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of({ data: [] }));
    newDatasource().query({ timezone: 'Asia/Tokyo', targets } as DataQueryRequest<FootfallQuery>);
    return send.mock.lastCall?.[0].targets;
  };

  it("sends the dashboard's time zone with each query", () => {
    expect(sent(query)).toEqual([{ ...query, timeZone: 'Asia/Tokyo' }]);
  });

  it('leaves out a query whose variable is empty', () => {
    const ofUser = (user: string): FootfallQuery => ({ refId: 'A', queryType: 'profile', options: { user } });
    expect(sent(ofUser('$user'), ofUser('$search'))).toEqual([{ ...ofUser('$search'), timeZone: 'Asia/Tokyo' }]);
  });
});

describe('applyTemplateVariables', () => {
  it('replaces variables', () => {
    expect(newDatasource().applyTemplateVariables(query, {})).toEqual({ ...query, options: { search: 'ann' } });
  });

  it("replaces a variable of segments, and knows All by Grafana's text for it", () => {
    const variable = { name: 'segment', includeAll: true };
    const replace = (text: string, _: object, format?: (value: string[], variable: object) => string) =>
      text === '${segment:text}' ? 'All' : (format?.(['a', 'b'], variable) ?? text);
    setTemplateSrv({ replace } as unknown as TemplateSrv);
    const ofSegment: FootfallQuery = { refId: 'A', queryType: 'events', options: { includeSegments: ['$segment'] } };
    expect(newDatasource().applyTemplateVariables(ofSegment, {}).options).toEqual({ includeSegments: [] });
  });

  it('takes the ad-hoc filters that Grafana passes', () => {
    setVariables({}, { getAdhocFilters: () => [{ ...filter, value: 'not asked' }] });
    expect(newDatasource().applyTemplateVariables(query, {}, [filter]).adHocFilters).toEqual(filtered);
  });

  it('takes those of an old Grafana, by the name of the datasource', () => {
    setVariables({}, { getAdhocFilters: (name: string) => (name === 'Footfall' ? [filter] : []) });
    expect(newDatasource().applyTemplateVariables(query, {}).adHocFilters).toEqual(filtered);
  });

  it('adds them to those that a query brought to Explore', () => {
    const brought: Condition = { attribute: 'city', operator: '=', values: ['Lisboa'] };
    const { adHocFilters } = newDatasource().applyTemplateVariables({ ...query, adHocFilters: [brought] }, {}, [
      filter,
    ]);
    expect(adHocFilters).toEqual([brought, ...filtered]);
  });

  it('knows the time zone where Grafana asks for no more than this', () => {
    setVariables({ __timezone: 'utc' });
    const datasource = newDatasource();
    expect(datasource.applyTemplateVariables(query, {}).timeZone).toBe('UTC');
    expect(datasource.applyTemplateVariables({ ...query, timeZone: 'Asia/Tokyo' }, {}).timeZone).toBe('Asia/Tokyo');
  });
});

it('offers attributes and their values to ad-hoc filters', async () => {
  const datasource = newDatasource();
  const ask = jest.spyOn(datasource, 'getResource');

  ask.mockResolvedValueOnce([{ id: 'country', name: 'Country', level: 'session', type: 'text' }]);
  expect(await datasource.getTagKeys()).toEqual([{ text: 'country', value: 'country', group: 'Session' }]);

  ask.mockResolvedValueOnce([{ value: 'BR', text: 'Brazil', count: 3 }]);
  expect(await datasource.getTagValues({ key: 'country' })).toEqual([{ text: 'BR', value: 'BR' }]);
  expect(ask).toHaveBeenLastCalledWith('values', { attribute: 'country', limit: 1000 });
});

it('asks for the attributes once, and again after a failure', async () => {
  const datasource = newDatasource();
  const ask = jest.spyOn(datasource, 'getResource').mockRejectedValueOnce(new Error('no')).mockResolvedValue([]);

  await expect(datasource.getAttributes()).rejects.toThrow('no');
  await datasource.getAttributes();
  await datasource.getAttributes();

  expect(ask).toHaveBeenCalledTimes(2);
});

it('asks for segments once for all editors, and again after a failure and after a minute', async () => {
  const datasource = newDatasource();
  const list = [{ id: 'carts', name: 'Carts' }];
  const ask = jest.spyOn(datasource, 'getResource').mockRejectedValueOnce(new Error('no')).mockResolvedValue(list);
  const clock = jest.spyOn(Date, 'now').mockReturnValue(1_000_000);
  await expect(datasource.getSegments()).rejects.toThrow('no');
  expect(await Promise.all([datasource.getSegments(), datasource.getSegments()])).toEqual([list, list]);
  expect(await datasource.getSegments()).toEqual(list);
  expect(ask.mock.calls).toEqual([['segments'], ['segments']]);
  clock.mockReturnValue(1_060_000);
  await datasource.getSegments();
  expect(ask.mock.calls).toHaveLength(3);
});
