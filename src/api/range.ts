/** Ranges of time as an address holds them, as Grafana's components take them, and as the backend does. */
import { type DateTime, dateTime, rangeUtil, type RawTimeRange, type TimeRange } from '@grafana/data';

/** A range with its moments. Grafana 10.1 takes a text of milliseconds for a date. */
export const rangeOf = ({ from, to }: RawTimeRange): TimeRange =>
  rangeUtil.convertRawToRange({ from: momentOf(from), to: momentOf(to) });

const momentOf = (bound: string | DateTime) =>
  typeof bound === 'string' && /^-?\d+$/.test(bound) ? dateTime(Number(bound)) : bound;

/** A range as the backend's resources take it. */
export function boundsOf(raw: RawTimeRange): { from: string; to: string } {
  const { from, to } = rangeOf(raw);
  return { from: from.toISOString(), to: to.toISOString() };
}

/** A range as texts, which an address can hold: as it was written, moments in milliseconds. */
export const textRange = ({ from, to }: RawTimeRange): RawTimeRange => ({ from: boundText(from), to: boundText(to) });

const boundText = (bound: RawTimeRange['from']) => (typeof bound === 'string' ? bound : String(bound.valueOf()));
