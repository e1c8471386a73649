import { stableOrder } from './stableOrder';

const counted = (value: string | null, count: number) => ({ value, text: value ?? '', count });

it('begins as the answer stands, chosen ones first', () => {
  const now = [counted('BR', 9), counted('DE', 5), counted('PT', 1)];
  expect(stableOrder([], now, ['PT']).map(({ value }) => value)).toEqual(['PT', 'BR', 'DE']);
});

it('keeps places, with new counts, and zeros for what is gone', () => {
  const before = [counted('BR', 9), counted('DE', 5), counted(null, 2)];
  const now = [counted('DE', 7), counted('FR', 6), counted(null, 3)];
  expect(stableOrder(before, now, [])).toEqual([
    counted('BR', 0),
    counted('DE', 7),
    counted(null, 3),
    counted('FR', 6),
  ]);
});

it('says nothing of values that were not counted', () => {
  const before = [counted('BR', 9), counted('FR', 5)];
  expect(stableOrder(before, [counted('DE', 7), counted('BR', 6)], [], true)).toEqual([
    counted('BR', 6),
    counted('DE', 7),
  ]);
});
