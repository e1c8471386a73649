import { useEffect, useState } from 'react';

/** What `load` brings; `otherwise` until it has, and when it cannot, never what another one brought. Both must stay the same. */
export function useLoaded<T>(load: () => Promise<T>, otherwise: T): T {
  const [loaded, setLoaded] = useState<{ by: typeof load; value: T }>();
  useEffect(() => {
    let current = true;
    load().then(
      (value) => current && setLoaded({ by: load, value }),
      () => current && setLoaded(undefined)
    );
    return () => {
      current = false;
    };
  }, [load]);
  return loaded?.by === load ? loaded.value : otherwise;
}
