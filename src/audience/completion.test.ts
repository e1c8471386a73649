import { typedAt } from './completion';

/** The place typed at is marked by |. */
const at = (marked: string) => typedAt(marked.replace('|', ''), marked.indexOf('|'));

it.each([
  ['|', { kind: 'name', from: 0, to: 0, text: '' }],
  ['pa|ge:/cart', { kind: 'name', from: 0, to: 5, text: 'pa' }],
  ['coun|', { kind: 'name', from: 0, to: 4, text: 'coun' }],
  ['-coun|', { kind: 'name', from: 1, to: 5, text: 'coun' }],
  ['a:b co|un', { kind: 'name', from: 4, to: 8, text: 'co' }],
  ['(plan:pro OR co|', { kind: 'name', from: 13, to: 15, text: 'co' }],
  ['has(pa|', { kind: 'name', from: 4, to: 6, text: 'pa' }],
  ['country:|', { kind: 'value', attribute: 'country', from: 8, to: 8, text: '' }],
  ['-country:B|', { kind: 'value', attribute: 'country', from: 9, to: 10, text: 'B' }],
  ['action:"click on|', { kind: 'value', attribute: 'action', from: 7, to: 16, text: 'click on' }],
  ['"usr.Company Name":AC|', { kind: 'value', attribute: 'usr.Company Name', from: 19, to: 21, text: 'AC' }],
  ['country:(BR OR P|', { kind: 'value', attribute: 'country', from: 15, to: 16, text: 'P' }],
  ['country:(B|', { kind: 'value', attribute: 'country', from: 9, to: 10, text: 'B' }],
  ['action:"click| on CHECKOUT" a:b', { kind: 'value', attribute: 'action', from: 7, to: 26, text: 'click' }],
  ['action:"cli| a:"b"', { kind: 'value', attribute: 'action', from: 7, to: 11, text: 'cli' }],
  ['country:(BR OR PT) pl|', { kind: 'name', from: 19, to: 21, text: 'pl' }],
])('at %s', (marked, typed) => {
  expect(at(marked)).toEqual(typed);
});

it.each(['a:$coun|', 'a:${coun|try:csv}', '$fil|ter', 'a:B|$b', 'a:(B OR ${c|})', 'a:"in $ci|ty"'])(
  'leaves the variable of %s alone',
  (marked) => {
    expect(at(marked)).toBeUndefined();
  }
);

it.each(['price:>=1|', 'name:~pa|', 'duration:[1|', '"some wor|'])('suggests nothing at %s', (marked) => {
  const typed = at(marked);
  expect(typed?.kind === 'name' ? typed.text : typed).toEqual(marked.startsWith('"') ? 'some wor' : undefined);
});
