import fc from 'fast-check';

import {
  chooseValues,
  chosenValues,
  formatValueTerm,
  joinTerms,
  parseValueTerm,
  splitTerms,
  termAt,
  type Value,
} from './terms';

const value = fc.string({ minLength: 1, unit: fc.constantFrom(...'aZ9 "\\()[]*:-/~é=<>OR'.split(''), 'OR', 'AND') });
const name = fc.constantFrom('last_country', 'usr.plan', 'usr.Company Name', 'premium.tier', 'usr.a"b');
const valueTerm = fc.record({
  attribute: name,
  not: fc.boolean(),
  values: fc.array(value, { minLength: 1, maxLength: 4 }),
});
/** With null, which is last where it is written. */
const withMissing = fc
  .record({ of: valueTerm, missing: fc.boolean(), alone: fc.boolean() })
  .map(({ of, missing, alone }) => ({
    ...of,
    values: [...(missing && alone ? [] : of.values), ...(missing ? [null] : [])],
  }));
const term = fc.oneof(
  valueTerm.map(formatValueTerm),
  fc.constantFrom(
    'has(page:/cart action:buy)',
    'sessions:>=2',
    'duration:[1 TO *]',
    '"a OR b"',
    'NOT country:BR',
    '(a OR b)'
  )
);

it.each([
  ['', []],
  ['  ', []],
  ['country:BR page:/cart*', ['country:BR', 'page:/cart*']],
  ['country:BR AND NOT plan:pro', ['country:BR', 'NOT plan:pro']],
  ['name:"a OR b" -usr.x:(c OR d)', ['name:"a OR b"', '-usr.x:(c OR d)']],
  ['a OR b c', ['a OR b c']],
  ['(a OR b) c', ['(a OR b)', 'c']],
  ['page:/a or page:/b', ['page:/a or page:/b']],
  ['a and b', ['a and b']],
  ['a or', ['a', 'or']],
  ['or a', ['or', 'a']],
  ['duration:[1 TO 5] x', ['duration:[1 TO 5]', 'x']],
  ['has(a OR b)', ['has(a OR b)']],
  ['- a b', ['-a', 'b']],
  ['not closed: ("a', ['not closed: ("a']],
  ['a \\" b', ['a', '\\"', 'b']],
  ['ends with NOT', ['ends with NOT']],
])('cuts %j', (text, terms) => {
  expect(splitTerms(text)).toEqual(terms);
});

it('puts what has OR at its top into parentheses beside others', () => {
  expect(joinTerms(['a OR b', 'c'])).toBe('(a OR b) c');
  expect(joinTerms(['a OR b'])).toBe('a OR b');
});

it('comes back from text as it was', () => {
  fc.assert(
    fc.property(fc.array(term, { maxLength: 6 }), (terms) => {
      expect(splitTerms(joinTerms(terms))).toEqual(terms);
    })
  );
});

it('reads the values it wrote', () => {
  fc.assert(
    fc.property(withMissing, (of) => {
      const terms = splitTerms(formatValueTerm(of)).map((term) => parseValueTerm(term));
      expect(terms.every((term) => term?.attribute === of.attribute && term.not === of.not)).toBe(true);
      expect(terms.flatMap((term) => term!.values)).toEqual(of.values);
    })
  );
});

it.each([
  ['-a:*', { attribute: 'a', not: false, values: [null] }],
  ['a:*', { attribute: 'a', not: true, values: [null] }],
  ['(a:(b OR c) OR -a:*)', { attribute: 'a', not: false, values: ['b', 'c', null] }],
])('reads %s as values, one of which is none', (text, of) => {
  expect(parseValueTerm(text)).toEqual(of);
});

it.each([
  'sessions:>=2',
  'name:a*',
  'name:~part',
  '(a:b OR -c:*)',
  '(a:b OR a:*)',
  '(a:b OR -a:* OR c)',
  'has(a)',
  'ann',
  'a:[1 TO 2]',
  'a:(b AND c)',
  '-(a:b)',
  'a:',
])('takes %j for no list of values', (text) => {
  expect(parseValueTerm(text)).toBeUndefined();
});

const valueOrNone = fc.oneof({ weight: 3, arbitrary: value }, { weight: 1, arbitrary: fc.constant(null) });
const noneLast = (values: Value[]) => [
  ...values.filter((one) => one !== null),
  ...values.filter((one) => one === null),
];

it('changes the values of one attribute and nothing else', () => {
  fc.assert(
    fc.property(
      fc.array(term, { maxLength: 5 }),
      name,
      fc.uniqueArray(valueOrNone, { maxLength: 3 }),
      fc.uniqueArray(valueOrNone, { maxLength: 3 }),
      (terms, attribute, only, without) => {
        const others = (text: string) => splitTerms(text).filter((one) => parseValueTerm(one)?.attribute !== attribute);
        const before = joinTerms(terms);
        const after = chooseValues(before, attribute, only, without);
        expect(chosenValues(after, attribute)).toEqual({ only: noneLast(only), without: noneLast(without) });
        expect(others(after)).toEqual(others(before));
      }
    )
  );
});

it.each([
  [1, 0],
  [3, 0],
  [5, 1],
  [13, 2],
  [0, -1],
])('position %d is of condition %d', (position, condition) => {
  const filter = 'a:é b:"x y"  a:é';
  expect(termAt(filter, splitTerms(filter), position)).toBe(condition);
});
