import { arity, operatorsFor, STANDARD_ATTRIBUTES } from './attributes';

const ids = STANDARD_ATTRIBUTES.map(({ id }) => id);
const find = (id: string) => STANDARD_ATTRIBUTES.find((attribute) => attribute.id === id);

it('knows every standard attribute once', () => {
  expect(new Set(ids).size).toBe(29);
  expect(ids).toHaveLength(29);
});

it('names attributes as the backend does', () => {
  expect(find('last_country')?.name).toBe('Last country');
  expect(find('first_os_version')?.name).toBe('First OS version');
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
