import { InternalTimeZones, type TimeZone } from '@grafana/data';

/** Grafana's "browser" and "utc" as names that Postgres knows. */
export function ianaTimeZone(timeZone: TimeZone): string {
  switch (timeZone) {
    case '':
    case 'browser':
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    case 'utc':
      return 'UTC';
    default:
      return timeZone;
  }
}

/** A name that Postgres knows, as Grafana's picker has it: with a name of its own for UTC. */
export function pickerZone(timeZone = 'UTC'): TimeZone {
  return timeZone === 'UTC' ? InternalTimeZones.utc : timeZone;
}
