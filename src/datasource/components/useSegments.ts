import { useEffect, useState } from 'react';

import { type FootfallDatasource } from '../datasource';
import { type Segment } from '../types';

const NONE: Segment[] = [];

/** The store's segments; none until it has answered, and when it cannot. */
export function useSegments(datasource: FootfallDatasource): Segment[] {
  const [segments, setSegments] = useState(NONE);
  useEffect(() => {
    let current = true;
    datasource.getSegments().then(
      (known) => current && setSegments(known),
      () => current && setSegments(NONE)
    );
    return () => {
      current = false;
    };
  }, [datasource]);
  return segments;
}
