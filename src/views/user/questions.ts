/** What the view of one user asks, and what it reads in the answers. */
import { type DataFrame, type Field, FieldType } from '@grafana/data';

import { type Target } from '../../api/ask';
import { fieldOf, nameOf, valueOf } from '../../api/frames';
import { oneSession, pageOfSessions } from '../sessions/questions';

import { type UserState } from './state';

/** How many pages and actions can be seen at most. */
const TOP = 100;

/** Everything the view asks. */
export function targetsOf({ user, anonymous, page, session }: UserState): Target[] {
  if (!user) {
    return [];
  }
  const person = { user, ...(anonymous && { anonymous }) };
  const targets: Target[] = [
    { refId: 'profile', queryType: 'profile', options: person },
    { refId: 'pages', queryType: 'topPages', options: { ...person, limit: TOP } },
    { refId: 'actions', queryType: 'topActions', options: { ...person, limit: TOP } },
    pageOfSessions(person, page),
  ];
  return session ? [...targets, oneSession({ ...person, start: session })] : targets;
}

/** Something known of the user: the latest value, and the first one where that is another. */
export interface Known {
  id: string;
  name: string;
  field: Field;
  first?: Field;
}

/** What is told elsewhere in the view. */
const ELSEWHERE = ['user_id', 'user_name', 'user_email'];

/** The attributes that the user has, apart from who it is, times and totals. */
export function knownOf(profile: DataFrame): Known[] {
  const has = (field?: Field) => field && field.values[0] !== null && field.values[0] !== '';
  return profile.fields
    .filter(({ name, type }) => type === FieldType.string && !ELSEWHERE.includes(name) && !name.startsWith('first_'))
    .flatMap((field) => {
      const [, base] = /^last_(.*)$/.exec(field.name) ?? [];
      const first = base ? fieldOf(profile, `first_${base}`) : undefined;
      if (!has(field) && !has(first)) {
        return [];
      }
      const differs = first && first.values[0] !== field.values[0];
      return [{ id: base ?? field.name, name: shortName(field), field, ...(differs && { first }) }];
    });
}

/** "Last country" is the country as long as the first one stands beside it. */
const shortName = (field: Field) =>
  field.name.startsWith('last_')
    ? nameOf(field).replace(/^Last (.)/, (_, letter: string) => letter.toUpperCase())
    : nameOf(field);

/** Those that somebody pinned, in that order, before the others. */
export function pinnedFirst(known: Known[], pinned: string[]): Known[] {
  const first = pinned.flatMap((id) => known.find((one) => one.id === id) ?? []);
  return [...first, ...known.filter(({ id }) => !pinned.includes(id))];
}

/** Those whose name, id or value has the text. */
export function searched(known: Known[], search: string, textOf: (field: Field) => string): Known[] {
  const wanted = search.trim().toLowerCase();
  const texts = ({ id, name, field, first }: Known) => [id, name, textOf(field), first ? textOf(first) : ''];
  return known.filter((one) => texts(one).some((text) => text.toLowerCase().includes(wanted)));
}

/** How a total of the user compares with that of others. */
export interface Compared {
  /** The share of users with as much or less, from 0 to 100. */
  percentile: number;
  median: number;
}

export function comparedOf(totals: DataFrame | undefined, total: string): Compared | undefined {
  const row = totals ? (fieldOf(totals, 'total')?.values.indexOf(total) ?? -1) : -1;
  return row < 0
    ? undefined
    : {
        percentile: valueOf<number>(totals!, 'percentile', row)!,
        median: valueOf<number>(totals!, 'median', row)!,
      };
}

/** A segment that the user is in. */
export interface Membership {
  id: string;
  name: string;
  /** In milliseconds; undefined where nobody knows. */
  since?: number;
}

export function segmentsOf(frame?: DataFrame): Membership[] {
  return Array.from({ length: frame?.length ?? 0 }, (_, row) => ({
    id: valueOf<string>(frame!, 'id', row)!,
    name: valueOf<string>(frame!, 'name', row)!,
    since: valueOf<number>(frame!, 'since', row),
  }));
}
