import { formatShare, parseNumber } from './numbers';

it.each([
  [0, 0, '0 %'],
  [0, 5, '0 %'],
  [1, 50_000, 'under 0.1 %'],
  [1234, 50_000, '2.5 %'],
  [999, 10_000, '10 %'],
  [49_999, 50_000, '99 %'],
  [50_000, 50_000, '100 %'],
])('%d of %d is %s', (part, whole, text) => {
  expect(formatShare(part, whole)).toBe(text);
});

it('reads whole numbers and takes all else as empty', () => {
  expect(['', '0', ' 15 ', '-1', '1.5', 'x'].map(parseNumber)).toEqual([
    undefined,
    0,
    15,
    undefined,
    undefined,
    undefined,
  ]);
});
