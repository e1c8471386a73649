import { type TimeZone } from '@grafana/data';

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
