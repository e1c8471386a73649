import { iconOf, markOf } from './icons';

it.each([
  ['last_device_type', 'mobile', 'mobile-android'],
  ['first_device_type', 'tablet', 'mobile-android'],
  ['last_device_type', 'desktop', 'monitor'],
  ['last_device_type', 'bot', undefined],
  ['last_os_name', 'iPadOS', 'mobile-android'],
  ['last_os_name', 'macOS', 'monitor'],
  ['last_os_name', 'Windows', 'monitor'],
  ['last_browser_name', 'Safari', 'compass'],
  ['last_os_version', 'Windows', undefined],
  ['usr.plan', 'mobile', undefined],
])('%s %s has the icon %s', (attribute, value, icon) => {
  expect(iconOf(attribute, value)).toBe(icon);
});

it('marks counts of what went wrong', () => {
  expect(['frustrations', 'errors', 'session_errors', 'views', 'usr.errors'].map(markOf)).toEqual([
    ...['frustrations', 'errors', 'errors', undefined, undefined],
  ]);
});
