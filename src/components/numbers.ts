/** Numbers and times as people read them. */
import { dateTimeFormat, dateTimeFormatTimeAgo } from '@grafana/data';

export const formatCount = (n: number) => n.toLocaleString();

/** A part of a whole: "2.5 %", "under 0.1 %". */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) {
    return '0 %';
  }
  const percent = (part / whole) * 100;
  if (part > 0 && percent < 0.1) {
    return 'under 0.1 %';
  }
  const digits = percent < 10 ? 1 : 0;
  // All is said of all alone.
  const shown = part < whole ? Math.min(percent, digits ? 9.9 : 99) : percent;
  return `${(percent < 10 ? percent : shown).toLocaleString(undefined, { maximumFractionDigits: digits })} %`;
}

export const formatAgo = (ms: number) => dateTimeFormatTimeAgo(ms);

/** With the zone it is read in. */
export const formatMoment = (ms: number) => dateTimeFormat(ms, { format: 'YYYY-MM-DD HH:mm:ss Z' });

/** A number as typed; undefined (the default) where it is empty or no whole number from 0 up. */
export function parseNumber(text: string): number | undefined {
  return /^\d+$/.test(text.trim()) ? Number(text) : undefined;
}

/** With at most one digit behind the point. */
export const formatDecimal = (n: number) => n.toLocaleString(undefined, { maximumFractionDigits: 1 });

/** "1st", "22nd", "93rd", "11th" */
export const formatOrdinal = (n: number) =>
  `${n}${SUFFIXES[new Intl.PluralRules('en', { type: 'ordinal' }).select(n)]}`;

const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
