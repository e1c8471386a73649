import { type KeyboardEvent as ReactKeyboardEvent, useEffect, useRef } from 'react';

/** What keys do, by their names. */
export type Keys = Record<string, () => void>;

/**
 * Keys of a view, as what its element does with them: while the focus is in it, but not while somebody types, and not what
 * something inside has acted on. Grafana, which listens on the document, does not get them then. Those of `nowhere` also
 * count while the focus is nowhere.
 */
export function useKeys(keys: Keys, nowhere: Keys): (event: ReactKeyboardEvent<HTMLElement>) => void {
  const now = useRef(nowhere);
  useEffect(() => {
    now.current = nowhere;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.target === document.body) {
        take(event, now.current);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (event) => {
    // Dialogs that the view has opened stand elsewhere, and keep their keys.
    if (event.currentTarget.contains(event.target as Element)) {
      take(event, keys);
    }
  };
}

const FIELDS = 'input:not([type=checkbox]), textarea, select, [contenteditable]';

type Pressed = Pick<
  KeyboardEvent,
  'key' | 'target' | 'defaultPrevented' | 'ctrlKey' | 'metaKey' | 'altKey' | 'preventDefault' | 'stopPropagation'
>;

/** Does what a key is for, unless it is typed, was acted on before, or is the browser's. */
export function take(event: Pressed, keys: Keys) {
  const act = keys[event.key];
  const typed = event.key.length === 1 && (event.target as Element).closest(FIELDS) !== null;
  if (act && !typed && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    event.stopPropagation();
    act();
  }
}

/** The index that an arrow leads to in a list of some length, undefined for other keys; it ends where the list does. */
export function stepTo(key: string, at: number, length: number): number | undefined {
  const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: length - 1 };
  return key in steps ? Math.min(Math.max(steps[key], 0), length - 1) : undefined;
}
