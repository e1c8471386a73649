import { type Attribute } from '../query/types.gen';

import { levelsOf, speaksOfEvents } from './levels';

const attributes = [
  ['last_country', 'profile'],
  ['country', 'session'],
  ['page', 'event'],
  ['usr.plan', 'profile'],
  ['usr.Company Name', 'profile'],
  ['attributes.price', 'event'],
  ['premium.tier', 'profile'],
].map(([id, level]) => ({ id, name: id, level, type: 'text' }) as Attribute);

it.each([
  ['', []],
  ['ann', ['user']],
  ['last_country:BR plan:pro premium.tier:gold "usr.Company Name":ACME', ['user']],
  ['country:BR', ['event']],
  ['-page:/cart', ['event']],
  ['price:>=100', ['event']],
  ['attributes.unheard:1', ['event']],
  ['usr.unheard:1', ['user']],
  ['@view.url_path:/cart', ['event']],
  ['@usr.email:a', ['user']],
  ['device:mobile', ['event']],
  ['has(last_country:BR)', ['event']],
  ['(plan:pro OR page:/cart)', ['user', 'event']],
  ['plan:"page:/cart" "has(page:/cart)"', ['user']],
])('%j speaks of %j', (filter, levels) => {
  expect(levelsOf(filter, attributes)).toEqual(levels);
  expect(speaksOfEvents(filter, attributes)).toBe(levels.includes('event'));
});
