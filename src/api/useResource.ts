import { useMemo } from 'react';

import { callResource } from './call';
import { type Loaded, useLoaded } from './useLoaded';

/** What a resource of a data source answers; without a path, nothing is asked. */
export function useResource<T>(datasource: string, path: string | undefined): Loaded<T> {
  const load = useMemo(
    () => (path === undefined ? undefined : () => callResource<T>(datasource, path)),
    [datasource, path]
  );
  return useLoaded(load);
}
