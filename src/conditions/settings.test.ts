import { type Attribute } from '../query/types.gen';

import { begin, edit } from './edit';
import { identities, settingsOf, withSettings } from './settings';
import { toDefinition } from './tree';

const attribute = (id: string, level: Attribute['level']): Attribute => ({ id, level, name: id, type: 'text' });

it('changes what is said, and leaves out what says nothing', () => {
  const all = { identity: 'usr.email', includeAnonymous: true, timeZone: 'Europe/Berlin' };
  expect(withSettings({}, all)).toEqual(all);
  expect(withSettings(all, { timeZone: 'UTC' })).toEqual({ ...all, timeZone: 'UTC' });
  expect(withSettings(all, { identity: 'usr.id', includeAnonymous: false })).toEqual({ timeZone: 'Europe/Berlin' });
});

it('is one step of a draft, which keeps its conditions', () => {
  const before = { where: { users: 'plan:pro' }, timeZone: 'UTC' };
  const editing = begin(before);
  const settings = withSettings(settingsOf(editing.draft), { includeAnonymous: true });
  const after = edit(editing, { do: 'settings', settings });
  expect(toDefinition(after.draft)).toEqual({ ...before, includeAnonymous: true });
  expect(toDefinition(edit(after, { do: 'undo' }).draft)).toEqual(before);
});

it('offers what users can share, and what is chosen already', () => {
  const attributes = [
    attribute('usr.plan', 'profile'),
    attribute('last_country', 'profile'),
    attribute('page', 'event'),
  ];
  expect(identities(attributes, undefined)).toEqual(['usr.email', 'usr.name', 'usr.plan']);
  expect(identities(attributes, 'usr.gone')).toEqual(['usr.email', 'usr.name', 'usr.plan', 'usr.gone']);
  expect(identities(attributes, 'usr.email')).toEqual(['usr.email', 'usr.name', 'usr.plan']);
});
