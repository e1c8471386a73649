import { ianaTimeZone } from './timeZone';

it('turns time zones into names that Postgres knows', () => {
  expect(ianaTimeZone('utc')).toBe('UTC');
  expect(ianaTimeZone('browser')).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(ianaTimeZone('Europe/Berlin')).toBe('Europe/Berlin');
});
