import { STANDARD_ATTRIBUTES } from '../attributes';
import { type FootfallDatasource } from '../datasource';
import { type Attribute } from '../types';

import { useLoaded } from './useLoaded';

const load = (datasource: FootfallDatasource) => datasource.getAttributes();

/** The store's attributes; the standard ones until it has answered, and when it cannot. */
export function useAttributes(datasource: FootfallDatasource): Attribute[] {
  return useLoaded(datasource, load, STANDARD_ATTRIBUTES);
}
