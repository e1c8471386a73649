import { type Attribute, type AttributeLevel, type FilterOperator } from './types';

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
const COUNTS = ['events', 'views', 'actions', 'errors', 'frustrations'];

/** An attribute named as the backend names it: "last" and "OS_name" give last_os_name, "Last OS name". */
function attribute(level: AttributeLevel, words: string, type: Attribute['type'] = 'text'): Attribute {
  const name = words.replaceAll('_', ' ');
  return { id: words.toLowerCase(), name: name[0].toUpperCase() + name.slice(1), level, type };
}

const PROFILE: Attribute[] = [
  attribute('profile', 'User_ID'),
  attribute('profile', 'User_name'),
  attribute('profile', 'User_email'),
  attribute('profile', 'First_seen', 'time'),
  attribute('profile', 'Last_seen', 'time'),
  ...OF_SESSION.map((of) => attribute('profile', `First_${of}`)),
  ...OF_SESSION.map((of) => attribute('profile', `Last_${of}`)),
  ...['sessions', 'views', 'actions', 'errors', 'frustrations', 'events'].map((total) =>
    attribute('profile', total, 'number')
  ),
];

const SESSION: Attribute[] = [
  attribute('session', 'Session_ID'),
  attribute('session', 'Session_start', 'time'),
  attribute('session', 'Session_duration', 'duration'),
  ...OF_SESSION.map((of) => attribute('session', of)),
  ...COUNTS.map((count) => attribute('session', `Session_${count}`, 'number')),
];

const EVENT: Attribute[] = [
  { ...attribute('event', 'Event_type'), id: 'type' },
  ...['page', 'view_name', 'action', 'action_type', 'action_target', 'error', 'error_message', 'frustration'].map(
    (of) => attribute('event', of)
  ),
  attribute('event', 'duration', 'duration'),
  attribute('event', 'time', 'time'),
];

/** What every store knows, as pkg/filter has it. The backend adds the custom ones that were seen. */
export const STANDARD_ATTRIBUTES: Attribute[] = [...PROFILE, ...SESSION, ...EVENT];

export function ofLevel(attributes: Attribute[], ...levels: AttributeLevel[]): Attribute[] {
  return attributes.filter(({ level }) => levels.includes(level));
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
      return 'many';
    default:
      return 'one';
  }
}
