import { type Attribute, type AttributeLevel, type Condition, type FilterOperator } from './types.gen';

export function ofLevel(attributes: Attribute[], ...levels: AttributeLevel[]): Attribute[] {
  return attributes.filter(({ level }) => levels.includes(level));
}

/** The one that a name in a filter means, where custom ones need no prefix; undefined for one that nobody knows. */
export function attributeNamed(name: string, attributes: Attribute[]): Attribute | undefined {
  const ids = [name, `usr.${name}`, `attributes.${name}`];
  return ids.map((id) => attributes.find((attribute) => attribute.id === id)).find(Boolean);
}

/** Those of which there is one value, which can be shown, sorted and grouped by. */
export function singleValued(attributes: Attribute[]): Attribute[] {
  return attributes.filter(({ filterOnly }) => !filterOnly);
}

const ORDER: FilterOperator[] = ['<', '<=', '>', '>='];
const PRESENCE: FilterOperator[] = ['exists', 'not exists'];

/** The operators that make sense for an attribute, those for text where its type is not known. */
export function operatorsFor(attribute?: Attribute): FilterOperator[] {
  switch (attribute?.type) {
    case 'number':
    case 'duration':
      return ['=', '!=', ...ORDER, ...PRESENCE];
    case 'time':
      return [...ORDER, ...PRESENCE];
    default:
      // Custom attributes may hold numbers, so the order operators are offered as well.
      return ['=', '!=', 'contains', ...ORDER, ...PRESENCE];
  }
}

/** How many values an operator takes. */
export function arity(operator: FilterOperator): 'none' | 'one' | 'many' {
  switch (operator) {
    case 'exists':
    case 'not exists':
      return 'none';
    case '=':
    case '!=':
    case '=|':
    case '!=|':
      return 'many';
    default:
      return 'one';
  }
}

/** Keeps the operator where the new attribute has it, else takes the first that it has. */
export function changeAttribute(condition: Condition, id: string, attributes: Attribute[]): Condition {
  const operators = operatorsFor(attributes.find((attribute) => attribute.id === id));
  const operator = operators.includes(condition.operator) ? condition.operator : operators[0];
  return changeOperator({ ...condition, attribute: id }, operator);
}

/** Drops the values that the new operator does not take. */
export function changeOperator(condition: Condition, operator: FilterOperator): Condition {
  const taken = { none: 0, one: 1, many: Infinity }[arity(operator)];
  const { values = [], ...rest } = condition;
  return { ...rest, operator, ...(taken > 0 && { values: values.slice(0, taken) }) };
}
