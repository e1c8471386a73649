import { STANDARD_ATTRIBUTES } from '../attributes';
import { type ProfileFilter } from '../types';

import { changeAttribute, changeOperator } from './FilterEditor';

const filter: ProfileFilter = { attribute: 'last_city', operator: 'contains', values: ['São'] };

it('keeps the operator where the new attribute has it', () => {
  expect(changeAttribute(filter, 'user_name', STANDARD_ATTRIBUTES)).toEqual({ ...filter, attribute: 'user_name' });
});

it('takes an operator that the new attribute has', () => {
  expect(changeAttribute(filter, 'sessions', STANDARD_ATTRIBUTES).operator).toBe('=');
});

it('drops the values that the new operator does not take', () => {
  const many: ProfileFilter = { attribute: 'last_country', operator: '=', values: ['BR', 'DE'] };
  expect(changeOperator(many, '<').values).toEqual(['BR']);
  expect(changeOperator(many, 'exists')).toEqual({ attribute: 'last_country', operator: 'exists' });
});
