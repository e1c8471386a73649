import { useCallback, useEffect, useState } from 'react';

import { callResource } from './call';
import { messageOf } from './errors';

export interface Loaded<T> {
  value?: T;
  error?: string;
  again: () => void;
}

/** What a resource of a data source answers; `again` asks anew and keeps what is shown until then. */
export function useResource<T>(datasource: string, path: string | undefined): Loaded<T> {
  const [loaded, setLoaded] = useState<{ of: string; value?: T; error?: string }>();
  const [round, setRound] = useState(0);
  const of = `${datasource} ${path}`;
  useEffect(() => {
    if (path === undefined) {
      return;
    }
    let current = true;
    callResource<T>(datasource, path).then(
      (value) => current && setLoaded({ of, value }),
      (error) => current && setLoaded({ of, error: messageOf(error) })
    );
    return () => {
      current = false;
    };
  }, [datasource, path, of, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const shown = loaded?.of === of ? loaded : undefined;
  return { value: shown?.value, error: shown?.error, again };
}
