import { createDataFrame, type DataQueryRequest, FieldType } from '@grafana/data';
import { lastValueFrom, of } from 'rxjs';

import { type VariableQuery, variableQuery } from '../query/variableQuery';

import { type FootfallDatasource } from './datasource';
import { choices, FootfallVariables } from './variables';

const frame = createDataFrame({
  fields: [
    { name: 'value', type: FieldType.string, values: ['BR', 'XX'] },
    { name: 'text', type: FieldType.string, values: ['Brazil', null] },
    { name: 'count', type: FieldType.number, values: [3, 1] },
  ],
});
const offered = [
  { value: 'BR', text: 'Brazil' },
  { value: 'XX', text: 'XX' },
];

it('offers values under their names', () => {
  expect(choices(frame)).toEqual(offered);
  expect(choices(createDataFrame({ fields: [] }))).toEqual([]);
});

it('offers the ids of segments under their names', () => {
  const segments = createDataFrame({
    fields: [
      { name: 'id', type: FieldType.string, values: ['carts'] },
      { name: 'name', type: FieldType.string, values: ['Cart dropouts'] },
      { name: 'kind', type: FieldType.string, values: ['dynamic'] },
    ],
  });
  expect(choices(segments)).toEqual([{ value: 'carts', text: 'Cart dropouts' }]);
});

it('asks a query of type values unless it is one of segments', async () => {
  const query = jest.fn(() => of({ data: [frame] }));
  // Grafana calls it without its object.
  const { query: ask } = new FootfallVariables({ query } as unknown as FootfallDatasource);
  const target = { refId: 'B', options: { attribute: 'country' } } as VariableQuery;

  const answer = await lastValueFrom(ask({ targets: [target] } as DataQueryRequest<VariableQuery>));

  expect(query).toHaveBeenCalledWith({ targets: [{ ...target, queryType: 'values' }] });
  expect(answer.data).toEqual(offered);
});

it('begins with an empty query', () => {
  const empty = { refId: 'Variable', queryType: 'values', options: {} };
  expect(variableQuery({ queryType: 'segments' })).toEqual({ ...empty, queryType: 'segments' });
  expect([variableQuery(''), variableQuery(undefined), variableQuery({})]).toEqual([empty, empty, empty]);
});
