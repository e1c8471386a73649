import fc from 'fast-check';

import { type Condition, type FilterOperator } from '../query/types.gen';

import { formatBegun, formatClause, parseBegun, parseClause } from '../audience/clause';
import { asHappening, type EventChoice, formatEvent, parseEvent } from './event';

const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((value) => value.trim() === value && value !== '');
const name = fc.constantFrom('last_country', 'usr.Company Name', 'größe', 'customers.tier');
const clauses: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    attribute: name,
    operator: fc.constantFrom('=' as FilterOperator, '!=' as FilterOperator),
    values: fc.array(text, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    attribute: name,
    operator: fc.constantFrom<FilterOperator>('<', '<=', '>', '>=', 'contains'),
    values: fc.tuple(text).map((values) => [...values]),
  }),
  fc.record({ attribute: name, operator: fc.constantFrom<FilterOperator>('exists', 'not exists') })
);

it('reads conditions on attributes as it writes them', () => {
  fc.assert(fc.property(clauses, (clause) => expect(parseClause(formatClause(clause))).toEqual(clause)));
});

it('reads conditions that lack a value as it writes them, and takes none with a value for one', () => {
  const valued = clauses.filter(({ values }) => values !== undefined);
  fc.assert(
    fc.property(valued, (clause) => {
      const { attribute, operator } = clause;
      expect(parseBegun(formatBegun({ attribute, operator }))).toEqual({ attribute, operator });
      expect(parseClause(formatBegun({ attribute, operator }))).toBeUndefined();
      expect(parseBegun(formatClause(clause))).toBeUndefined();
    })
  );
  expect(formatBegun({ attribute: '', operator: '=' })).toBe('');
  expect(parseBegun('plan: x')).toBeUndefined();
});

it.each([
  ['last_country:BR', { attribute: 'last_country', operator: '=', values: ['BR'] }],
  ['-plan:(pro OR "very pro")', { attribute: 'plan', operator: '!=', values: ['pro', 'very pro'] }],
  ['sessions:>=10', { attribute: 'sessions', operator: '>=', values: ['10'] }],
  ['last_seen:>now-7d', { attribute: 'last_seen', operator: '>', values: ['now-7d'] }],
  ['user_email:~"acme corp"', { attribute: 'user_email', operator: 'contains', values: ['acme corp'] }],
])('shows %s as a form', (filter, form) => {
  expect(parseClause(filter)).toEqual(form);
  expect(formatClause(form as Condition)).toBe(filter);
});

it.each([
  'plan:pro last_country:BR',
  'plan:pro OR sessions:>3',
  'ann',
  'plan:p*',
  'sessions:[1 TO 5]',
  'NOT plan:pro',
  '',
])('leaves %s a text', (filter) => expect(parseClause(filter)).toBeUndefined());

it('says nothing without an attribute or a value', () => {
  expect(formatClause({ attribute: '', operator: '=' })).toBe('');
  expect(formatClause({ attribute: 'plan', operator: '=', values: [''] })).toBe('');
  expect(formatClause({ attribute: '', operator: 'exists' })).toBe('');
});

const eventNames = fc
  .record({ value: text, pattern: fc.boolean() })
  .map(({ value, pattern }) => ({ value, pattern: pattern && value.includes('*') && !value.includes('\\') }));
const choices: fc.Arbitrary<EventChoice> = fc.record({
  what: fc.constantFrom('viewed' as const, 'did' as const, 'error' as const, 'frustration' as const),
  names: fc.array(eventNames, { maxLength: 3 }),
  where: fc.constantFrom('', 'price:>=100', 'country:BR device:mobile', '(a:b OR c:d)'),
});

const named = (value: string, pattern = false) => ({ value, pattern });

it('reads chosen events as it writes them', () => {
  fc.assert(fc.property(choices, (choice) => expect(parseEvent(formatEvent(choice))).toEqual(choice)));
});

it('stays of the kind that was chosen while more is said', () => {
  expect(parseEvent('error:x action:buy', 'error')).toMatchObject({ what: 'error', where: 'action:buy' });
  expect(parseEvent('action:buy', 'any')).toMatchObject({ what: 'any', where: 'action:buy' });
  expect(parseEvent('action:buy', 'viewed')).toMatchObject({ what: 'did', names: [named('buy')] });
  expect(parseEvent('', 'error')).toMatchObject({ what: 'error', names: [] });
  expect(parseEvent('')).toMatchObject({ what: 'viewed', names: [] });
});

it('keeps what was chosen as the text of any event, and takes it up again', () => {
  fc.assert(
    fc.property(
      choices.filter(({ names }) => names.length > 0),
      (choice) => {
        const any = asHappening(choice, 'any');
        expect(any).toEqual({ what: 'any', names: [], where: formatEvent(choice) });
        expect(asHappening(any, choice.what)).toEqual(choice);
      }
    )
  );
  const viewed = parseEvent('type:view page:/cart price:>9');
  expect(asHappening(viewed, 'did')).toEqual({ what: 'did', names: [], where: 'price:>9' });
  expect(asHappening(parseEvent('', 'did'), 'any')).toEqual({ what: 'any', names: [], where: '' });
  expect(asHappening(parseEvent('a OR b'), 'error')).toEqual({ what: 'error', names: [], where: 'a OR b' });
});

it.each<[string, Partial<EventChoice>]>([
  ['type:view page:/cart', { what: 'viewed', names: [named('/cart')] }],
  ['type:view page:/product/*', { what: 'viewed', names: [named('/product/*', true)] }],
  ['type:view page:"/product/*"', { what: 'viewed', names: [named('/product/*')] }],
  [
    'action:"click on CHECKOUT" price:>=100',
    { what: 'did', names: [named('click on CHECKOUT')], where: 'price:>=100' },
  ],
  ['action:click\\ on*', { what: 'did', names: [named('click on*', true)] }],
  ['error:*', { what: 'error', names: [named('*', true)] }],
  ['action:("click on BUY" OR "tap on BUY")', { what: 'did', names: [named('click on BUY'), named('tap on BUY')] }],
  ['type:view page:(/cart OR /product/*)', { what: 'viewed', names: [named('/cart'), named('/product/*', true)] }],
  ['action:(buy OR >3)', { what: 'any', where: 'action:(buy OR >3)' }],
  ['error:""', { what: 'any', where: 'error:""' }],
  ['action:buy page:/cart', { what: 'did', names: [named('buy')], where: 'page:/cart' }],
  ['page:/cart', { what: 'any', where: 'page:/cart' }],
  ['page:/cart OR page:/basket', { what: 'any', where: 'page:/cart OR page:/basket' }],
  ['-action:buy', { what: 'any', where: '-action:buy' }],
  ['type:view', { what: 'any', where: 'type:view' }],
])('shows %s as a choice', (filter, choice) => {
  const whole = { names: [], where: '', ...choice };
  expect(parseEvent(filter)).toEqual(whole);
  expect(formatEvent(whole as EventChoice)).toBe(filter);
});
