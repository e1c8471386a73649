import { useState } from 'react';

const PREFIX = 'footfall.';

/** A list of names that this browser remembers, until it is what it was at first. */
export function useRemembered(key: string, usual: string[]): [string[], (list: string[]) => void] {
  const [kept, setKept] = useState<{ key: string; list: string[] }>();
  const set = (list: string[]) => {
    setKept({ key, list });
    if (JSON.stringify(list) === JSON.stringify(usual)) {
      localStorage.removeItem(PREFIX + key);
    } else {
      localStorage.setItem(PREFIX + key, JSON.stringify(list));
    }
  };
  return [kept?.key === key ? kept.list : (read(key) ?? usual), set];
}

function read(key: string): string[] | undefined {
  try {
    const list = JSON.parse(localStorage.getItem(PREFIX + key) ?? 'null');
    return Array.isArray(list) && list.every((one) => typeof one === 'string') ? list : undefined;
  } catch {
    return undefined;
  }
}
