import { type Segment } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';

import { useLoaded } from './useLoaded';

const load = (datasource: FootfallDatasource) => datasource.getSegments();
const NONE: Segment[] = [];

/** The store's segments; none until it has answered, and when it cannot. */
export function useSegments(datasource: FootfallDatasource): Segment[] {
  return useLoaded(datasource, load, NONE);
}
