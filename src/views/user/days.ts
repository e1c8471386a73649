/** The days on which a user was active, as a calendar of weeks. */
import { type DataFrame, dateTimeForTimeZone, dateTimeFormat, getTimeZone, type RawTimeRange } from '@grafana/data';

import { fieldOf, valueOf } from '../../api/frames';

/** How many weeks the calendar has, as many as the backend tells days of. */
export const WEEKS = 26;
const DAYS = 7;
/** In UTC, where each has as many milliseconds. */
const DAY = 86_400_000;
const DATE = 'YYYY-MM-DD';

export interface Day {
  /** Such as 2026-05-17. */
  date: string;
  /** Where the user was active that day. */
  active?: Active;
}

export interface Active {
  /** When the day begins, in milliseconds. */
  from: number;
  sessions: number;
  events: number;
  errors: number;
  frustrations: number;
  /** From 1 to 4: how many events compared with the day that has most. */
  level: number;
}

const dateOf = (ms: number) => dateTimeFormat(ms, { format: DATE });

/** The weeks up to the one of a moment, each from Monday on; days to come are left out. */
export function weeksOf(frame: DataFrame | undefined, now: number): Day[][] {
  const active = activeOf(frame);
  const today = new Date(`${dateOf(now)}T00:00:00Z`);
  const sinceMonday = (today.getUTCDay() + DAYS - 1) % DAYS;
  const first = today.getTime() - (sinceMonday + (WEEKS - 1) * DAYS) * DAY;
  return Array.from({ length: WEEKS }, (_, week) =>
    Array.from({ length: week < WEEKS - 1 ? DAYS : sinceMonday + 1 }, (_, day) => {
      const date = new Date(first + (week * DAYS + day) * DAY).toISOString().slice(0, DATE.length);
      return { date, active: active.get(date) };
    })
  );
}

function activeOf(frame: DataFrame | undefined): Map<string, Active> {
  const most = Math.max(0, ...(fieldOf(frame ?? NOTHING, 'events')?.values ?? []));
  return new Map(
    Array.from({ length: frame?.length ?? 0 }, (_, row) => {
      const value = (name: string) => valueOf<number>(frame!, name, row) ?? 0;
      const events = value('events');
      return [
        dateOf(value('day')),
        {
          ...{ from: value('day'), sessions: value('sessions'), events },
          ...{ errors: value('errors'), frustrations: value('frustrations') },
          level: Math.max(1, Math.ceil((4 * events) / most)),
        },
      ];
    })
  );
}

const NOTHING = { fields: [], length: 0 };

/** The range of time that a day is. */
export function rangeOfDay({ from }: Active): RawTimeRange {
  const next = dateTimeForTimeZone(getTimeZone(), from).add(1, 'day').valueOf();
  return { from: String(from), to: String(next) };
}

/** The day that a range is, undefined where it is another. */
export function dayOfRange(weeks: Day[][], { from, to }: RawTimeRange): Day | undefined {
  return weeks.flat().find(({ active }) => {
    const range = active && rangeOfDay(active);
    return range && range.from === from && range.to === to;
  });
}

/** The months that begin in the weeks, and in which of them: a name stands above the first whole week of its month. */
export function monthsOf(weeks: Day[][]): Array<{ week: number; name: string }> {
  return weeks.flatMap((days, week) => {
    const [{ date }] = days;
    const began = week === 0 || weeks[week - 1][0].date.slice(0, 7) !== date.slice(0, 7);
    // The first one, of which there is less than that, would stand below the next.
    const short = week === 0 && Number(date.slice(8)) > 14;
    return began && !short ? [{ week, name: dateTimeFormat(date, { format: 'MMM', timeZone: 'utc' }) }] : [];
  });
}

/** Where an arrow leads from a day, as its week and day; undefined where there is none. */
export function stepFrom(key: string, weeks: Day[][], week: number, day: number): [number, number] | undefined {
  const [w, d] = {
    ArrowLeft: [week - 1, day],
    ArrowRight: [week + 1, day],
    ArrowUp: [week, day - 1],
    ArrowDown: [week, day + 1],
    Home: [0, day],
    End: [weeks.length - (weeks[weeks.length - 1][day] ? 1 : 2), day],
  }[key] ?? [-1, -1];
  return weeks[w]?.[d] ? [w, d] : undefined;
}
