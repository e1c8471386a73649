/** What is asked about sessions, and how the answers name one of them. */
import { type DataFrame } from '@grafana/data';

import { type Target } from '../../api/ask';
import { valueOf } from '../../api/frames';
import { type SessionOptions, type SessionsOptions } from '../../query/types.gen';

/** How many sessions a page of them has. */
export const SESSIONS = 20;

/** A page of the sessions that the options select, from page 1. */
export const pageOfSessions = (options: SessionsOptions, page: number): Target => ({
  ...{ refId: 'sessions', queryType: 'sessions' },
  options: { ...options, limit: SESSIONS, offset: (page - 1) * SESSIONS, includeTotal: true, course: true },
});

/** One session with its events. */
export const oneSession = (which: SessionOptions): Target => ({
  ...{ refId: 'session', queryType: 'session' },
  options: { ...which, course: true },
});

/** What tells a session from others: when it starts, in milliseconds, whose it is, and its id where it has one. */
export interface SessionKey {
  start: number;
  user?: string;
  anonymous?: boolean;
  id?: string;
}

/** The page of a user, with a moment of a session in milliseconds. */
export type HrefOfSession = (user: string, at: number, anonymous?: boolean) => string;

/** What frustrated a user within a session, from its start to its end in milliseconds. */
export type HrefOfTrouble = (user: string, from: number, to: number) => string;

export const keyOf = (frame: DataFrame, row: number): SessionKey => ({
  start: valueOf<number>(frame, 'session_start', row)!,
  user: valueOf<string>(frame, 'user_id', row),
  ...(valueOf(frame, 'user_kind', row) === 'anonymous' && { anonymous: true }),
  id: valueOf<string>(frame, 'session_id', row),
});

/** A session as the backend is asked for it; nobody's has an id, or cannot be asked for. */
export function whichOf({ start, user, anonymous, id }: SessionKey): SessionOptions {
  const person = { ...(user !== undefined && { user }), ...(anonymous && { anonymous }) };
  return id === undefined ? { ...person, start: String(start) } : { ...person, session: id };
}

export const isSame = (one: SessionKey, other: SessionKey) =>
  one.start === other.start && one.user === other.user && one.id === other.id && !one.anonymous === !other.anonymous;
