import { FieldType, toDataFrame } from '@grafana/data';

import { dayOfRange, monthsOf, rangeOfDay, stepFrom, WEEKS, weeksOf } from './days';

const at = (date: string) => new Date(`${date}T00:00:00`).getTime();
const NOW = at('2026-05-20') + 15 * 3_600_000; // a Wednesday

const number = (name: string, values: number[]) => ({ name, type: FieldType.number, values });
const frame = toDataFrame({
  fields: [
    { name: 'day', type: FieldType.time, values: [at('2026-05-17'), at('2026-05-20')] },
    ...[number('sessions', [1, 3]), number('events', [10, 40])],
    ...[number('errors', [0, 2]), number('frustrations', [0, 1])],
  ],
});

const weeks = weeksOf(frame, NOW);

it('has weeks from Monday to Sunday, the last one up to today', () => {
  expect(weeks).toHaveLength(WEEKS);
  expect(weeks.slice(0, -1).every((days) => days.length === 7)).toBe(true);
  expect(weeks.at(-1)!.map(({ date }) => date)).toEqual(['2026-05-18', '2026-05-19', '2026-05-20']);
  expect(weeks[0][0].date).toBe('2025-11-24');
  expect(weeks[24][6]).toMatchObject({ date: '2026-05-17', active: { sessions: 1, events: 10, level: 1 } });
  expect(weeks[25][2].active).toMatchObject({ sessions: 3, errors: 2, frustrations: 1, level: 4 });
  expect(weeks.flat().filter(({ active }) => active)).toHaveLength(2);
});

it('knows a day by its range', () => {
  const range = rangeOfDay(weeks[24][6].active!);
  expect(range).toEqual({ from: String(at('2026-05-17')), to: String(at('2026-05-18')) });
  expect(dayOfRange(weeks, range)?.date).toBe('2026-05-17');
  expect(dayOfRange(weeks, { from: 'now-30d', to: 'now' })).toBeUndefined();
  expect(dayOfRange(weeks, { ...range, to: 'now' })).toBeUndefined();
});

it('names months where they begin', () => {
  expect(monthsOf(weeks)).toEqual([
    { week: 1, name: 'Dec' },
    { week: 6, name: 'Jan' },
    { week: 10, name: 'Feb' },
    { week: 14, name: 'Mar' },
    { week: 19, name: 'Apr' },
    { week: 23, name: 'May' },
  ]);
});

it('leads by arrows from day to day, and nowhere beyond', () => {
  expect(stepFrom('ArrowLeft', weeks, 25, 2)).toEqual([24, 2]);
  expect(stepFrom('ArrowRight', weeks, 24, 6)).toBeUndefined();
  expect(stepFrom('ArrowDown', weeks, 25, 2)).toBeUndefined();
  expect(stepFrom('ArrowUp', weeks, 0, 0)).toBeUndefined();
  expect(stepFrom('Home', weeks, 5, 3)).toEqual([0, 3]);
  expect(stepFrom('End', weeks, 5, 6)).toEqual([24, 6]);
  expect(stepFrom('a', weeks, 5, 6)).toBeUndefined();
});

it('is empty where nobody was active', () => {
  expect(
    weeksOf(undefined, NOW)
      .flat()
      .some(({ active }) => active)
  ).toBe(false);
});
