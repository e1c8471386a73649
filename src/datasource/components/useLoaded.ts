import { useEffect, useState } from 'react';

import { type FootfallDatasource } from '../datasource';

/** What `load` brings from a datasource; `otherwise` until it has, and when it cannot. Both must stay the same objects. */
export function useLoaded<T>(
  datasource: FootfallDatasource,
  load: (datasource: FootfallDatasource) => Promise<T>,
  otherwise: T
): T {
  const [loaded, setLoaded] = useState(otherwise);
  useEffect(() => {
    let current = true;
    load(datasource).then(
      (value) => current && setLoaded(value),
      () => current && setLoaded(otherwise)
    );
    return () => {
      current = false;
    };
  }, [datasource, load, otherwise]);
  return loaded;
}
