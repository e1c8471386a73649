import { type Condition, STANDARD_ATTRIBUTES } from './types.gen';

import { changeAttribute, changeOperator } from './attributes';

const condition: Condition = { attribute: 'last_city', operator: 'contains', values: ['São'] };

it('keeps the operator where the new attribute has it', () => {
  expect(changeAttribute(condition, 'user_name', STANDARD_ATTRIBUTES)).toEqual({
    ...condition,
    attribute: 'user_name',
  });
});

it('takes an operator that the new attribute has', () => {
  expect(changeAttribute(condition, 'sessions', STANDARD_ATTRIBUTES).operator).toBe('=');
});

it('drops the values that the new operator does not take', () => {
  const many: Condition = { attribute: 'last_country', operator: '=', values: ['BR', 'DE'] };
  expect(changeOperator(many, '<').values).toEqual(['BR']);
  expect(changeOperator(many, 'exists')).toEqual({ attribute: 'last_country', operator: 'exists' });
});
