import {
  CustomVariableSupport,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type MetricFindValue,
} from '@grafana/data';
import { map, type Observable } from 'rxjs';

import { VariableEditor } from './components/ValuesEditor';
import { type FootfallDatasource } from './datasource';
import { type FootfallQuery, type QueryOf } from './types';

/** Variables ask queries of type values: those of an attribute, or users by a text. */
export class FootfallVariables extends CustomVariableSupport<FootfallDatasource, QueryOf<'values'>> {
  editor = VariableEditor;

  constructor(private datasource: FootfallDatasource) {
    super();
    // Grafana calls it without its object.
    this.query = this.query.bind(this);
  }

  query(request: DataQueryRequest<QueryOf<'values'>>): Observable<DataQueryResponse> {
    const targets: FootfallQuery[] = request.targets.map(variableQuery);
    return this.datasource
      .query({ ...request, targets })
      .pipe(map((response) => ({ ...response, data: response.data.flatMap(choices) })));
  }
}

/** A variable's query as Grafana keeps it; a new one is an empty text. */
export function variableQuery(stored: Partial<QueryOf<'values'>> | string | undefined): QueryOf<'values'> {
  const query = typeof stored === 'object' ? stored : {};
  return { refId: 'Variable', ...query, queryType: 'values', options: query.options ?? {} };
}

/** What a variable offers: the frame's values under their names for people. */
export function choices(frame: DataFrame): MetricFindValue[] {
  const values = (name: string): unknown[] =>
    Array.from(frame.fields.find((field) => field.name === name)?.values ?? []);
  const texts = values('text');
  return values('value').map((value, i) => ({ text: String(texts[i] ?? value), value: String(value) }));
}
