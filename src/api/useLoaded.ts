import { useCallback, useEffect, useState } from 'react';

import { messageOf } from './errors';

export interface Loaded<T> {
  /** Undefined until it has come once. */
  value?: T;
  /** Why the last try brought nothing. */
  error?: string;
  /** Loads anew; what is shown stays until then. */
  again: () => void;
}

/** What `load` brings, never what another one brought. It must stay the same; without it, nothing is loaded. */
export function useLoaded<T>(load: (() => Promise<T>) | undefined): Loaded<T> {
  const [loaded, setLoaded] = useState<{ by: typeof load; value?: T; error?: string }>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    let current = true;
    load?.().then(
      (value) => current && setLoaded({ by: load, value }),
      (error) =>
        current &&
        setLoaded((last) => ({ by: load, value: last?.by === load ? last.value : undefined, error: messageOf(error) }))
    );
    return () => {
      current = false;
    };
  }, [load, round]);
  const again = useCallback(() => setRound((n) => n + 1), []);
  const shown = loaded?.by === load ? loaded : undefined;
  return { value: shown?.value, error: shown?.error, again };
}
