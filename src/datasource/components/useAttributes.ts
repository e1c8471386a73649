import { type Attribute, STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';

import { useLoaded } from './useLoaded';

const load = (datasource: FootfallDatasource) => datasource.getAttributes();

/** The store's attributes; the standard ones until it has answered, and when it cannot. */
export function useAttributes(datasource: FootfallDatasource): Attribute[] {
  return useLoaded(datasource, load, STANDARD_ATTRIBUTES);
}
