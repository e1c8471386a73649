/** What the view of one user asks, and what it reads in the answers. */
import { type DataFrame, type Field, FieldType } from '@grafana/data';

import { type Target } from '../../api/ask';

import { type UserState } from './state';

/** How many sessions a page of them has. */
export const SESSIONS = 20;
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
    {
      refId: 'sessions',
      queryType: 'sessions',
      options: { ...person, limit: SESSIONS, offset: (page - 1) * SESSIONS, includeTotal: true },
    },
  ];
  return session
    ? [...targets, { refId: 'session', queryType: 'session', options: { ...person, start: session } }]
    : targets;
}

/** A frame of an answer by its name. */
export const frameOf = (answer: { frames: DataFrame[] } | undefined, name: string) =>
  answer?.frames.find((frame) => frame.name === name);

export const fieldOf = (frame: DataFrame, name: string) => frame.fields.find((field) => field.name === name);

/** A value of a frame; undefined where there is none. */
export const valueOf = <T>(frame: DataFrame, name: string, row = 0): T | undefined =>
  fieldOf(frame, name)?.values[row] ?? undefined;

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

/** A field's name for people. */
export const nameOf = ({ name, config }: Field) => config.displayName ?? config.displayNameFromDS ?? name;

/** "Last country" is the country as long as the first one stands beside it. */
const shortName = (field: Field) =>
  field.name.startsWith('last_')
    ? nameOf(field).replace(/^Last (.)/, (_, letter: string) => letter.toUpperCase())
    : nameOf(field);

/** Those whose name, id or value has the text. */
export function searched(known: Known[], search: string, textOf: (field: Field) => string): Known[] {
  const wanted = search.trim().toLowerCase();
  const texts = ({ id, name, field, first }: Known) => [id, name, textOf(field), first ? textOf(first) : ''];
  return known.filter((one) => texts(one).some((text) => text.toLowerCase().includes(wanted)));
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

/** The attributes of an event as it has them, flat: names and texts. */
export function attributesOf(json: string | undefined): Array<[string, string]> {
  return Object.entries(JSON.parse(json ?? '{}')).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
}

/** Time since the start of a session, in milliseconds, as 1:02:03 or 2:03. */
export function formatOffset(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
