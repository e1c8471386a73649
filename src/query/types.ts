import { type DataQuery } from '@grafana/schema';

import { type OptionsByType, type QueryBody, type QueryType } from './types.gen';

/** A query of one type. The datasource puts in the time zone and the ad-hoc filters when it sends the query. */
export interface QueryOf<T extends QueryType> extends DataQuery, QueryBody {
  queryType: T;
  options: OptionsByType[T];
}

/** One question to the store. */
export type FootfallQuery = { [T in QueryType]: QueryOf<T> }[QueryType];
