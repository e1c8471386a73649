import { arity, ofLevel, operatorsFor, STANDARD_ATTRIBUTES } from './attributes';
import { type AttributeLevel } from './types';

const ids = STANDARD_ATTRIBUTES.map(({ id }) => id);
const find = (id: string) => STANDARD_ATTRIBUTES.find((attribute) => attribute.id === id);

it('knows every standard attribute once', () => {
  expect(new Set(ids).size).toBe(ids.length);
  const count = (level: AttributeLevel) => ofLevel(STANDARD_ATTRIBUTES, level).length;
  expect([count('profile'), count('session'), count('event')]).toEqual([29, 17, 11]);
});

it('names attributes as the backend does', () => {
  expect(find('last_country')?.name).toBe('Last country');
  expect(find('first_os_version')?.name).toBe('First OS version');
  expect(find('session_id')?.name).toBe('Session ID');
  expect(find('os_name')).toEqual({ id: 'os_name', name: 'OS name', level: 'session', type: 'text' });
  expect(find('type')?.name).toBe('Event type');
});

it('offers operators by type', () => {
  expect(operatorsFor(find('sessions'))).not.toContain('contains');
  expect(operatorsFor(find('last_seen'))).not.toContain('=');
  expect(operatorsFor(find('user_email'))).toContain('contains');
  // A custom attribute that the store does not list may be anything.
  expect(operatorsFor(undefined)).toEqual(expect.arrayContaining(['=', 'contains', '<']));
});

it('says how many values an operator takes', () => {
  expect([arity('exists'), arity('>='), arity('!=')]).toEqual(['none', 'one', 'many']);
});
