import { type QueryOf } from './types';

/** What variables ask: the values of an attribute (users by a text among them), or all segments. */
export type VariableQuery = QueryOf<'values'> | QueryOf<'segments'>;

/** A variable's query as Grafana keeps it; a new one is an empty text. */
export function variableQuery(stored: Partial<VariableQuery> | string | undefined): VariableQuery {
  const query = typeof stored === 'object' ? stored : {};
  const queryType = query.queryType === 'segments' ? 'segments' : 'values';
  return { refId: 'Variable', ...query, queryType, options: query.options ?? {} };
}
