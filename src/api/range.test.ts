import { dateTime, rangeUtil } from '@grafana/data';

import { boundsOf, rangeOf, textRange } from './range';

it('is the same range as text and as moments', () => {
  const moments = { from: dateTime(1_500_000_000_000), to: dateTime(1_500_086_400_000) };
  const text = textRange(moments);
  expect(text).toEqual({ from: '1500000000000', to: '1500086400000' });
  expect([rangeOf(text).from.valueOf(), rangeOf(text).to.valueOf()]).toEqual([1_500_000_000_000, 1_500_086_400_000]);
  expect(boundsOf(text)).toEqual({ from: '2017-07-14T02:40:00.000Z', to: '2017-07-15T02:40:00.000Z' });
});

it('gives Grafana moments where an address has milliseconds, which an old one cannot read', () => {
  const convert = jest.spyOn(rangeUtil, 'convertRawToRange');
  rangeOf({ from: '1500000000000', to: 'now' });
  expect(convert.mock.lastCall?.[0]).toEqual({ from: dateTime(1_500_000_000_000), to: 'now' });
});

it('leaves what is relative to now as it is written', () => {
  expect(textRange({ from: 'now-30d', to: 'now' })).toEqual({ from: 'now-30d', to: 'now' });
  expect(rangeOf({ from: 'now-1h', to: 'now' }).raw).toEqual({ from: 'now-1h', to: 'now' });
});
