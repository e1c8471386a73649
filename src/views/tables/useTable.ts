import { useMemo } from 'react';

import { callResource } from '../../api/call';
import { statusOf } from '../../api/errors';
import { type Loaded, useLoaded } from '../../api/useLoaded';
import { type Table } from '../../query/types.gen';

import { tablePath } from './facts';

/** A table by its name: null where there is none of it. Without a name nothing is asked. */
export function useTable(datasource: string, name: string | undefined): Loaded<Table | null> {
  const load = useMemo(() => (name ? () => loadTable(datasource, name) : undefined), [datasource, name]);
  return useLoaded(load);
}

async function loadTable(datasource: string, name: string): Promise<Table | null> {
  try {
    return await callResource<Table>(datasource, tablePath(name));
  } catch (error) {
    if (statusOf(error) === 404) {
      return null;
    }
    throw error;
  }
}
