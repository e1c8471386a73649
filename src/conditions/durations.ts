/** Durations such as 30m, in parts. */
export type Unit = 'ms' | 's' | 'm' | 'h' | 'd' | 'w';

export const UNITS: Record<Unit, string> = {
  ...{ ms: 'milliseconds', s: 'seconds', m: 'minutes', h: 'hours', d: 'days', w: 'weeks' },
};

export function parseDuration(text: string): { n: number; unit: Unit } | undefined {
  const [, n, unit] = /^([1-9]\d{0,8})(ms|s|m|h|d|w)$/.exec(text) ?? [];
  return n ? { n: Number(n), unit: unit as Unit } : undefined;
}

/** "30 minutes", "1 day"; a text that is no duration stays as it is. */
export function spellDuration(text: string): string {
  const duration = parseDuration(text);
  if (!duration) {
    return text;
  }
  const { n, unit } = duration;
  return `${n} ${n === 1 ? UNITS[unit].slice(0, -1) : UNITS[unit]}`;
}

/** The same behind "in the last": "30 minutes", "day". */
export function spellLast(text: string): string {
  const duration = parseDuration(text);
  return duration?.n === 1 ? UNITS[duration.unit].slice(0, -1) : spellDuration(text);
}
