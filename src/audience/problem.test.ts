import { filterProblem, problemAt, withoutPlace } from './problem';

it('tells a wrong filter from other errors', () => {
  expect(filterProblem('options.filter is wrong: at 12: unknown attribute `contry`')).toBe(
    'at 12: unknown attribute `contry`'
  );
  expect(filterProblem('options.limit must be positive')).toBeUndefined();
  expect(filterProblem(undefined)).toBeUndefined();
});

it('says it without the place where that is marked', () => {
  expect(withoutPlace('at 12: unknown attribute')).toBe('unknown attribute');
});

it('knows where', () => {
  expect(problemAt('at 12: unknown attribute')).toBe(12);
  expect(problemAt('the filter is longer than 20000 bytes')).toBeUndefined();
  expect(problemAt(undefined)).toBeUndefined();
});
