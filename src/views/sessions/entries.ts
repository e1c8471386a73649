/** The events of a session as a timeline: views with what happened in them, and the pauses between. */
import { type DataFrame } from '@grafana/data';

import { fieldOf, valueOf } from '../../api/frames';

/** Which pause between two events is told, in milliseconds. */
const PAUSE = 60_000;

/** What events can be narrowed to. */
export type Kind = 'view' | 'action' | 'error' | 'frustration' | 'other';
export const KINDS: Kind[] = ['view', 'action', 'error', 'frustration', 'other'];

/** An event, by its row in the frame. */
export interface Entry {
  row: number;
  /** It happened in the view above. */
  inside: boolean;
  /** How long nothing happened before it, where that is long, in milliseconds. */
  pause?: number;
}

/** Which kinds an event is of: with a frustration it is of two. */
export function kindsOf(frame: DataFrame, row: number): Kind[] {
  const type = valueOf<string>(frame, 'type', row);
  const kind = type === 'view' || type === 'action' || type === 'error' ? type : 'other';
  return valueOf(frame, 'frustration', row) ? [kind, 'frustration'] : [kind];
}

/** How many events there are of each kind. */
export function countsOf(frame: DataFrame): Record<Kind, number> {
  const counts = { view: 0, action: 0, error: 0, frustration: 0, other: 0 };
  for (let row = 0; row < frame.length; row++) {
    kindsOf(frame, row).forEach((kind) => counts[kind]++);
  }
  return counts;
}

/** The events of some kinds, or all of them where none is chosen, in their order. */
export function timelineOf(frame: DataFrame, kinds: Kind[]): Entry[] {
  const offsets = fieldOf(frame, 'offset')?.values ?? [];
  const entries: Entry[] = [];
  let inView = false;
  let last = 0;
  for (let row = 0; row < frame.length; row++) {
    const of = kindsOf(frame, row);
    if (kinds.length > 0 && !of.some((kind) => kinds.includes(kind))) {
      continue;
    }
    const isView = of.includes('view');
    inView = inView || isView;
    const since = offsets[row] - last;
    last = offsets[row];
    entries.push({ row, inside: inView && !isView, ...(since > PAUSE && { pause: since }) });
  }
  return entries;
}

/** The attributes of an event as it has them, flat: names and texts. */
export function attributesOf(json: string | undefined): Array<[string, string]> {
  return Object.entries(JSON.parse(json ?? '{}')).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

/** All that is known of an event, as JSON to be read. */
export function jsonOf(frame: DataFrame, row: number): string {
  const known = frame.fields.flatMap(({ name, values }): Array<[string, unknown]> => {
    const value = values[row];
    if (value === null || value === undefined || name === 'offset') {
      return [];
    }
    if (name === 'time') {
      return [[name, new Date(value).toISOString()]];
    }
    return [[name, name === 'attributes' ? JSON.parse(value) : value]];
  });
  return JSON.stringify(Object.fromEntries(known), null, 2);
}

/** Time since the start of a session, in milliseconds, as 1:02:03 or 2:03. */
export function formatOffset(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
