import { fromParameters, optionsOf, toParameters } from './allState';

it.each([
  '',
  'app=shop&seg=premium&q=country%3ABR',
  'q=page%3A%2Fcart&from=now-90d&to=now-1d&anon=1&page=3',
  'session=1700000000000&user=ann&id=s1',
])('keeps %s', (search) => {
  expect(new URLSearchParams(toParameters(fromParameters(new URLSearchParams(search)))).toString()).toBe(search);
});

it('takes what is wrong for the usual', () => {
  const state = fromParameters(new URLSearchParams('s=ann&from=&page=x&anon=yes&session=later'));
  expect(toParameters(state)).toEqual([]);
});

it('asks for sessions, whose application is their own', () => {
  const state = fromParameters(new URLSearchParams('app=shop&seg=premium&q=country:BR&anon=1'));
  expect(optionsOf(state)).toEqual({
    ...{ filter: 'country:BR application:shop', includeSegments: ['premium'], includeAnonymous: true },
  });
});
