import { FieldType, toDataFrame } from '@grafana/data';

import { attributesOf, countsOf, formatOffset, jsonOf, timelineOf } from './entries';

const field = (name: string, values: unknown[], type = FieldType.string) => ({ name, type, values });

const frame = toDataFrame({
  fields: [
    field('time', [1000, 2000, 3000, 70_000, 71_000, 72_000], FieldType.time),
    field('offset', [0, 1000, 2000, 69_000, 70_000, 71_000], FieldType.number),
    field('type', ['custom', 'view', 'action', 'action', 'error', 'view']),
    field('frustration', [null, null, 'rage_click', null, null, null]),
    field('attributes', ['{"a":1}', null, null, null, null, null]),
  ],
});

it('puts what happened into the view above, and tells of long pauses', () => {
  expect(timelineOf(frame, [])).toEqual([
    { row: 0, inside: false },
    { row: 1, inside: false },
    { row: 2, inside: true },
    { row: 3, inside: true, pause: 67_000 },
    { row: 4, inside: true },
    { row: 5, inside: false },
  ]);
});

it('narrows to kinds, of which an event can have two', () => {
  const rows = (...kinds: Parameters<typeof timelineOf>[1]) => timelineOf(frame, kinds).map(({ row }) => row);
  expect(rows('frustration')).toEqual([2]);
  expect(rows('action')).toEqual([2, 3]);
  expect(rows('error', 'other')).toEqual([0, 4]);
  expect(countsOf(frame)).toEqual({ view: 2, action: 2, error: 1, frustration: 1, other: 1 });
});

it('tells pauses between what is shown', () => {
  expect(timelineOf(frame, ['view'])).toEqual([
    { row: 1, inside: false },
    { row: 5, inside: false, pause: 70_000 },
  ]);
});

it('tells all that an event has as JSON', () => {
  expect(JSON.parse(jsonOf(frame, 0))).toEqual({
    ...{ time: '1970-01-01T00:00:01.000Z', type: 'custom' },
    attributes: { a: 1 },
  });
});

it('reads the attributes of an event', () => {
  expect(attributesOf('{"price": 9.5, "tags": ["a"], "sku": "x"}')).toEqual([
    ['price', '9.5'],
    ['tags', '["a"]'],
    ['sku', 'x'],
  ]);
  expect(attributesOf(undefined)).toEqual([]);
});

it.each([
  [0, '0:00'],
  [61_999, '1:01'],
  [3_600_000, '1:00:00'],
  [90_061_000, '25:01:01'],
])('%d ms are %s', (ms, text) => {
  expect(formatOffset(ms)).toBe(text);
});
