import { arity, operatorsFor } from './attributes';
import { STANDARD_ATTRIBUTES } from './types.gen';

const find = (id: string) => STANDARD_ATTRIBUTES.find((attribute) => attribute.id === id);

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
