import { type Node } from './graph';
import { nameOf, pointsText } from './words';

it.each([
  [1, 0, '1 other page'],
  [1234, 0, '1,234 other pages'],
  [0, 1, '1 other action'],
  [0, 2, '2 other actions'],
  [1, 1, '2 other pages and actions'],
])('%p pages and %p actions without a row are %p', (pages, actions, text) => {
  const other: Node = {
    ...{ id: '1:other:(other)', step: 1, name: '(other)', kind: 'other', count: 5, continues: 0 },
    ...{ pages, actions },
  };
  expect(nameOf(other)).toBe(text);
});

it.each([
  [[1, 4, 1, 5], '+5'],
  [[1, 5, 1, 4], '-5'],
  [[1, 3, 0, 9], '+33.3'],
  [[2, 4, 1, 2], '±0'],
  [[1, 3000, 0, 1], '±0'],
  [[0, 0, 1, 2], '-50'],
])('%p are %p points apart', ([part, whole, otherPart, otherWhole], text) => {
  expect(pointsText(part, whole, otherPart, otherWhole)).toBe(text);
});
