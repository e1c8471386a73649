import { STANDARD_ATTRIBUTES } from '../query/types.gen';

import { termText } from './termText';

it.each([
  ['last_country:(BR OR PT)', 'Last country: Brazil or Portugal'],
  ['-last_country:brazil', 'Last country: not brazil'],
  ['last_os_name:"Mac OS"', 'Last OS name: Mac OS'],
  ['-last_country:*', 'Last country: not known'],
  ['last_country:*', 'Last country: known'],
  ['(last_country:BR OR -last_country:*)', 'Last country: Brazil or not known'],
  ['last_seen:>=now-7d', 'Last seen: in the last 7 days'],
  ['last_seen:>now-1d', 'Last seen: in the last day'],
  ['-first_seen:<now-30d', 'First seen: not more than 30 days ago'],
  ['last_seen:>=2026-01-01', 'last_seen:>=2026-01-01'],
  ['sessions:>=now-7d', 'sessions:>=now-7d'],
  ['sessions:>=2', 'sessions:>=2'],
  ['unheard:1', 'unheard:1'],
])('says %s as %s', (term, text) => {
  expect(termText(term, STANDARD_ATTRIBUTES)).toBe(text);
});
