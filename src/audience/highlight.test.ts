import fc from 'fast-check';

import { hasVariables, highlight, pieceAt } from './highlight';

/** Pieces as name<country>, spaces left out. */
const shown = (text: string) =>
  highlight(text)
    .filter((piece) => piece.text.trim())
    .map(({ text, kind }) => `${kind}<${text}>`)
    .join(' ');

it.each([
  ['country:BR', 'name<country> sign<:> value<BR>'],
  ['-@usr.plan:pro', 'keyword<-> name<@usr.plan> sign<:> value<pro>'],
  ['a:1 OR NOT b:2', 'name<a> sign<:> value<1> keyword<OR> keyword<NOT> name<b> sign<:> value<2>'],
  ['"usr.Company Name":"a \\" b"', 'name<"usr.Company Name"> sign<:> value<"a \\" b">'],
  ['price:>=100 name:~ann', 'name<price> sign<:> sign<>=> value<100> name<name> sign<:> sign<~> value<ann>'],
  ['a:(AND OR "c d") e', 'name<a> sign<:> sign<(> value<AND> keyword<OR> value<"c d"> sign<)> plain<e>'],
  ['a:[1 TO *]', 'name<a> sign<:> sign<[> value<1> keyword<TO> value<*> sign<]>'],
  ['has(page:/cart*)', 'keyword<has> sign<(> name<page> sign<:> value</cart*> sign<)>'],
  ['hasty ANDREW ann-lee', 'plain<hasty> plain<ANDREW> plain<ann-lee>'],
  ['path:"/a', 'name<path> sign<:> value<"/a>'],
  ['time:>2026-01-31T12:00:00Z', 'name<time> sign<:> sign<>> value<2026-01-31T12:00:00Z>'],
])('tells the parts of %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it.each([
  ['country:$country', 'name<country> sign<:> variable<$country>'],
  ['country:${country:csv} a', 'name<country> sign<:> variable<${country:csv}> plain<a>'],
  ['${filter:raw} b:[[c]]', 'variable<${filter:raw}> name<b> sign<:> variable<[[c]]>'],
  ['a:"in $city" price:$', 'name<a> sign<:> value<"in > variable<$city> value<"> name<price> sign<:> value<$>'],
])('tells the variables of %s', (text, expected) => {
  expect(shown(text)).toBe(expected);
});

it('loses nothing, whatever the text is', () => {
  const parts = [
    'a',
    'OR',
    'has',
    ' ',
    ':',
    '"',
    '\\',
    '(',
    ')',
    '[',
    ']',
    '-',
    '~',
    '>=',
    '$',
    '${',
    '}',
    '*',
    '𝒳',
    '\n',
  ];
  const texts = fc.oneof(
    fc.array(fc.constantFrom(...parts)).map((list) => list.join('')),
    fc.string()
  );
  fc.assert(
    fc.property(texts, (text) => {
      const pieces = highlight(text);
      expect(pieces.map((piece) => piece.text).join('')).toBe(text);
      expect(pieces.every((piece) => piece.text)).toBe(true);
    })
  );
});

it('finds the piece at a position, which counts characters', () => {
  const pieces = highlight('a:"𝒳" contry:BR');
  const at = (position: number) => pieces[pieceAt(pieces, position)]?.text;
  expect(at(1)).toBe('a');
  expect(at(7)).toBe('contry');
  expect(at(13)).toBe(':');
  expect(at(16)).toBeUndefined();
});

it('knows a text with variables', () => {
  expect(['$a', 'x:${a:csv}', '[[a]]', 'price:5$', 'a:[1 TO 2]'].map(hasVariables)).toEqual([
    ...[true, true, true, false, false],
  ]);
});
