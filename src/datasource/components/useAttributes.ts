import { useCallback } from 'react';

import { useLoaded } from '../../api/useLoaded';
import { type Attribute, STANDARD_ATTRIBUTES } from '../../query/types.gen';
import { type FootfallDatasource } from '../datasource';

/** The store's attributes; the standard ones until it has answered, and when it cannot. */
export function useAttributes(datasource: FootfallDatasource): Attribute[] {
  return useLoaded(
    useCallback(() => datasource.getAttributes(), [datasource]),
    STANDARD_ATTRIBUTES
  );
}
