import { type DataQueryRequest, type DataSourceInstanceSettings } from '@grafana/data';
import { DataSourceWithBackend, setTemplateSrv, type TemplateSrv } from '@grafana/runtime';
import { of } from 'rxjs';

import { FootfallDatasource, ianaTimeZone } from './datasource';
import { type FootfallQuery, type FootfallSettings } from './types';

const query: FootfallQuery = { refId: 'A', queryType: 'profiles', options: { search: '$search' } };

function newDatasource() {
  return new FootfallDatasource({ uid: 'footfall', jsonData: {} } as DataSourceInstanceSettings<FootfallSettings>);
}

afterEach(() => jest.restoreAllMocks());

it('starts with all users', () => {
  expect(newDatasource().getDefaultQuery()).toEqual({ queryType: 'profiles', options: {} });
});

it('does not run hidden and incomplete queries', () => {
  const datasource = newDatasource();
  const incomplete = { ...query, options: { filters: [{ attribute: '', operator: '=' as const }] } };
  expect([query, { ...query, hide: true }, incomplete].map((q) => datasource.filterQuery(q))).toEqual([
    true,
    false,
    false,
  ]);
});

it("sends the dashboard's time zone with each query", () => {
  const send = jest.spyOn(DataSourceWithBackend.prototype, 'query').mockReturnValue(of({ data: [] }));
  newDatasource().query({ timezone: 'Asia/Tokyo', targets: [query] } as DataQueryRequest<FootfallQuery>);
  expect(send.mock.lastCall?.[0].targets).toEqual([{ ...query, timeZone: 'Asia/Tokyo' }]);
});

it('replaces variables', () => {
  setTemplateSrv({ replace: (text?: string) => text?.replace('$search', 'ann') ?? '' } as TemplateSrv);
  expect(newDatasource().applyTemplateVariables(query, {}).options.search).toBe('ann');
});

it('asks for the attributes once, and again after a failure', async () => {
  const datasource = newDatasource();
  const ask = jest.spyOn(datasource, 'getResource').mockRejectedValueOnce(new Error('no')).mockResolvedValue([]);

  await expect(datasource.getAttributes()).rejects.toThrow('no');
  await datasource.getAttributes();
  await datasource.getAttributes();

  expect(ask).toHaveBeenCalledTimes(2);
});

it('turns time zones into names that Postgres knows', () => {
  expect(ianaTimeZone('utc')).toBe('UTC');
  expect(ianaTimeZone('browser')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(ianaTimeZone('Europe/Berlin')).toBe('Europe/Berlin');
});
