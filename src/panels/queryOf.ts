import { type DataQueryRequest } from '@grafana/data';

import { DATASOURCE_TYPE } from '../constants';
import { type FootfallQuery } from '../query/types';
import { type QueryType } from '../query/types.gen';

/** The first query of a panel that is of a type; undefined where it has none. */
export function queryOf<T extends QueryType>(
  request: DataQueryRequest | undefined,
  type: T
): Extract<FootfallQuery, { queryType: T }> | undefined {
  const queries = request?.targets as Array<Partial<FootfallQuery>> | undefined;
  return queries?.find(
    (query): query is Extract<FootfallQuery, { queryType: T }> =>
      (query.queryType ?? 'profiles') === type && query.datasource?.type === DATASOURCE_TYPE
  );
}
