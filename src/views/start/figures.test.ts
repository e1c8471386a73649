import { toDataFrame } from '@grafana/data';

import { type Segment } from '../../query/types.gen';

import { activityOf, largest } from './figures';

it('reads how many sessions of how many users there were', () => {
  const frame = toDataFrame({
    fields: [
      { name: 'count', values: [12] },
      { name: 'users', values: [3] },
      { name: 'count', values: [11] },
    ],
  });
  expect(activityOf([frame])).toEqual({ sessions: 12, users: 3, paths: 11 });
  expect(activityOf()).toBeUndefined();
});

it('names the largest segments', () => {
  const of = (name: string, size: number | null) => ({ name, size }) as Segment;
  expect(largest([of('a', 1), of('b', null), of('c', 1234), of('d', 7), of('e', 3)])).toBe('c: 1,234 · d: 7 · e: 3');
});
