import { LoadingBar } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

import { useWidth } from './useWidth';

/** What is quick shows no line, in milliseconds. */
const PATIENCE = 300;

/** A thin line over what is being computed; its place is kept while there is none. */
export function LoadingLine({ loading }: { loading: boolean }) {
  const shown = useLate(loading);
  const [ref, width] = useWidth();
  return (
    <div ref={ref} style={{ height: 1 }}>
      {shown && <LoadingBar width={width} />}
    </div>
  );
}

/** True once something has been so for a moment. */
export function useLate(on: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!on) {
      return;
    }
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [on]);
  return on && late;
}
