/** One condition on one attribute: as a text of the filter language, and as a form has it. */
import {
  formatValueTerm,
  parseValue,
  parseValueTerm,
  quoted,
  quotedName,
  splitBegun,
  splitName,
  splitTerms,
} from './terms';
import { type Condition, type FilterOperator } from '../query/types.gen';

const ORDER = /^(>=|<=|>|<)(.+)$/s;

/** The form of a filter that is one condition on an attribute, undefined for one that says more or something else. */
export function parseClause(filter: string): Condition | undefined {
  const terms = splitTerms(filter);
  if (terms.length !== 1) {
    return undefined;
  }
  const of = parseValueTerm(terms[0]);
  const values = of?.values.filter((value) => value !== null) ?? [];
  // That there is a value, or none, is an operator of its own.
  if (of && values.length === of.values.length) {
    return { attribute: of.attribute, operator: of.not ? '!=' : '=', values };
  }
  const { attribute, not, rest } = splitName(terms[0]) ?? {};
  if (attribute === undefined || rest === undefined) {
    return undefined;
  }
  if (rest === '*') {
    return { attribute, operator: not ? 'not exists' : 'exists' };
  }
  const [, operator, text] = ORDER.exec(rest) ?? (rest.startsWith('~') ? ['', 'contains', rest.slice(1)] : []);
  const value = text && parseValue(text);
  return operator && value && !not ? { attribute, operator: operator as FilterOperator, values: [value] } : undefined;
}

/** The text of a form; nothing as long as it lacks an attribute or a value. */
export function formatClause({ attribute, operator, values = [] }: Condition): string {
  const name = quotedName(attribute);
  switch (operator) {
    case 'exists':
      return attribute && `${name}:*`;
    case 'not exists':
      return attribute && `-${name}:*`;
  }
  const given = values.filter(Boolean);
  if (!attribute || given.length === 0) {
    return '';
  }
  switch (operator) {
    case '=':
    case '!=':
      return formatValueTerm({ attribute, not: operator === '!=', values: given });
    case 'contains':
      return `${name}:~${quoted(given[0])}`;
    default:
      return `${name}:${operator}${quoted(given[0])}`;
  }
}

/** What a filter begins with that compares otherwise than by =. */
const BEGUN: Partial<Record<FilterOperator, string>> = {
  ...{ '=': '', '!=': '', contains: '~' },
  ...{ '>': '>', '<': '<', '>=': '>=', '<=': '<=' },
};

/** The text of a form that lacks its value, such as `plan:`, which is no filter yet; nothing as long as there is no attribute. */
export function formatBegun({ attribute, operator }: Condition): string {
  const begin = BEGUN[operator];
  return attribute && begin !== undefined ? `${operator === '!=' ? '-' : ''}${quotedName(attribute)}:${begin}` : '';
}

/** The form of such a text, undefined for every other one. */
export function parseBegun(text: string): Condition | undefined {
  const { attribute, not, rest } = splitBegun(text.trim()) ?? {};
  const operator = (Object.keys(BEGUN) as FilterOperator[]).find(
    (one) => BEGUN[one] === rest && not === (one === '!=')
  );
  return attribute && operator ? { attribute, operator } : undefined;
}
