import { toDataFrame } from '@grafana/data';

import { nextEvents, nextQuestion } from './next';

it('asks for what follows a page, in the time and by the unit of the sequence', () => {
  expect(nextQuestion('type:view page:/cart', {}, false)).toEqual({
    options: {
      ...{ anchor: 'after', page: '/cart', steps: 2, actions: true, nodesPerStep: 8 },
      ...{ unit: 'session', includeAnonymous: false },
    },
    range: { from: 'now-30d', to: 'now' },
  });
  const other = nextQuestion('type:view page:/product/*', { scope: 'user', window: { last: '7d' } }, true);
  expect(other?.options).toMatchObject({ page: '/product/*', unit: 'user', includeAnonymous: true });
  expect(other?.range).toEqual({ from: 'now-7d', to: 'now' });
  const range = (from?: string, to?: string) =>
    nextQuestion('type:view page:/cart', { window: { from, to } }, false)?.range;
  const [january, february] = [Date.UTC(2026, 0, 1), Date.UTC(2026, 1, 1)].map(String);
  expect(range('2026-01-01', '2026-02-01T00:00:00Z')).toEqual({ from: january, to: february });
  expect(range('2026-01-01')).toEqual({ from: january, to: 'now' });
  expect(range(undefined, '2026-02-01')).toEqual({ from: 'now-30d', to: 'now' });
});

it.each(['', 'action:buy', 'type:view page:/cart price:>=100', 'type:view page:"/a*"', 'page:/cart'])(
  'asks nothing after %j',
  (event) => expect(nextQuestion(event, {}, false)).toBeUndefined()
);

it('offers pages and actions of the second step, the most frequent first', () => {
  const rows: Array<[number, string, string, number]> = [
    [1, 'page', '/cart', 9],
    [2, 'other', '(other)', 8],
    [2, 'page', '/checkout', 3],
    [2, 'action', 'click on CHECKOUT', 5],
    [2, 'dropoff', '(dropoff)', 1],
  ];
  const fields = ['step', 'kind', 'name', 'value'].map((name, i) => ({ name, values: rows.map((row) => row[i]) }));
  expect(nextEvents(toDataFrame({ fields }))).toEqual([
    { event: 'action:"click on CHECKOUT"', count: 5 },
    { event: 'type:view page:/checkout', count: 3 },
  ]);
  expect(nextEvents(undefined)).toEqual([]);
});
