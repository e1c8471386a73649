import { initialsOf } from './UserCell';

it.each([
  ['Charlotte Cole', 'CC'],
  ['Ann', 'A'],
  ['ann.lee@example.org', 'AL'],
  ['Jean-Luc van der Berg', 'JB'],
  ['élise', 'É'],
  ['!!', '?'],
  ['user-12', 'U1'],
])('initials of %s', (text, initials) => {
  expect(initialsOf(text)).toBe(initials);
});
