import { type FilterOperator, type ProfileAttribute } from './types';

const OF_SESSION = [
  'application',
  'country',
  'region',
  'city',
  'device_type',
  'OS_name',
  'OS_version',
  'browser_name',
  'browser_version',
];

function ofSession(which: 'First' | 'Last'): ProfileAttribute[] {
  return OF_SESSION.map((name) => ({
    id: `${which}_${name}`.toLowerCase(),
    name: `${which} ${name.replace('_', ' ')}`,
    type: 'text',
  }));
}

/** What every store knows of a user, as pkg/query has it. The backend adds the custom ones (usr.*) that were seen. */
export const STANDARD_ATTRIBUTES: ProfileAttribute[] = [
  { id: 'user_id', name: 'User ID', type: 'text' },
  { id: 'user_name', name: 'User name', type: 'text' },
  { id: 'user_email', name: 'User email', type: 'text' },
  { id: 'first_seen', name: 'First seen', type: 'time' },
  { id: 'last_seen', name: 'Last seen', type: 'time' },
  ...ofSession('First'),
  ...ofSession('Last'),
  { id: 'sessions', name: 'Sessions', type: 'number' },
  { id: 'views', name: 'Views', type: 'number' },
  { id: 'actions', name: 'Actions', type: 'number' },
  { id: 'errors', name: 'Errors', type: 'number' },
  { id: 'frustrations', name: 'Frustrations', type: 'number' },
  { id: 'events', name: 'Events', type: 'number' },
];

const ORDER: FilterOperator[] = ['<', '<=', '>', '>='];
const PRESENCE: FilterOperator[] = ['exists', 'not exists'];

/** The operators that make sense for an attribute, those for text where its type is not known. */
export function operatorsFor(attribute?: ProfileAttribute): FilterOperator[] {
  switch (attribute?.type) {
    case 'number':
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
      return 'many';
    default:
      return 'one';
  }
}
