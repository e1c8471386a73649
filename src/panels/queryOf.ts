import { type DataQueryRequest } from '@grafana/data';
import { getTemplateSrv } from '@grafana/runtime';

import { DATASOURCE_TYPE } from '../constants';
import { interpolate } from '../query/interpolate';
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

/** The options of a panel's query with the values of variables. */
export const optionsOf = <O extends object>({ options }: { options: O }, { scopedVars }: DataQueryRequest): O =>
  interpolate(options, (text, format) => getTemplateSrv().replace(text, scopedVars, format));
