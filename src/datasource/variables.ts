import {
  CustomVariableSupport,
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  type MetricFindValue,
} from '@grafana/data';
import { map, type Observable } from 'rxjs';

import { type FootfallQuery } from '../query/types';
import { type VariableQuery, variableQuery } from '../query/variableQuery';

import { VariableEditor } from './components/VariableEditor';
import { type FootfallDatasource } from './datasource';

export class FootfallVariables extends CustomVariableSupport<FootfallDatasource, VariableQuery> {
  editor = VariableEditor;

  constructor(private datasource: FootfallDatasource) {
    super();
    // Grafana calls it without its object.
    this.query = this.query.bind(this);
  }

  query(request: DataQueryRequest<VariableQuery>): Observable<DataQueryResponse> {
    const targets: FootfallQuery[] = request.targets.map(variableQuery);
    return this.datasource
      .query({ ...request, targets })
      .pipe(map((response) => ({ ...response, data: response.data.flatMap(choices) })));
  }
}

/** What a variable offers: the frame's values, or segments' ids, under their names for people. */
export function choices(frame: DataFrame): MetricFindValue[] {
  const field = (name: string) => frame.fields.find((field) => field.name === name);
  const values = (name: string): unknown[] => Array.from(field(name)?.values ?? []);
  const [value, text] = field('value') ? ['value', 'text'] : ['id', 'name'];
  const texts = values(text);
  return values(value).map((value, i) => ({ text: String(texts[i] ?? value), value: String(value) }));
}
