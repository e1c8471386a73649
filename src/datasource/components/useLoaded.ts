import { useEffect, useState } from 'react';

import { type FootfallDatasource } from '../datasource';

/**
 * What `load` brings from a datasource; `otherwise` until it has, and when it cannot, never what another one brought. Both
 * must stay the same objects.
 */
export function useLoaded<T>(
  datasource: FootfallDatasource,
  load: (datasource: FootfallDatasource) => Promise<T>,
  otherwise: T
): T {
  const [loaded, setLoaded] = useState<{ datasource: FootfallDatasource; value: T }>();
  useEffect(() => {
    let current = true;
    load(datasource).then(
      (value) => current && setLoaded({ datasource, value }),
      () => current && setLoaded(undefined)
    );
    return () => {
      current = false;
    };
  }, [datasource, load]);
  return loaded?.datasource === datasource ? loaded.value : otherwise;
}
