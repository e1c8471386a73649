import { type SessionKey } from './questions';

/** All of a list of sessions that a link carries. */
export interface SessionsState {
  /** From 1. */
  page: number;
  /** The one whose events are shown. */
  session?: SessionKey;
}

export function toParameters({ page, session }: SessionsState): string[][] {
  return [
    ...(page === 1 ? [] : [['page', String(page)]]),
    ...(session ? [['session', String(session.start)]] : []),
    ...(session?.user === undefined ? [] : [['user', session.user]]),
    ...(session?.anonymous ? [['anonymous', 'true']] : []),
    ...(session?.id === undefined ? [] : [['id', session.id]]),
  ];
}

/** The state of an address; what it lacks or says wrongly is as usual. */
export function fromParameters(parameters: URLSearchParams): SessionsState {
  const page = Number(parameters.get('page'));
  const start = parameters.get('session') ?? '';
  const session: SessionKey = {
    start: Number(start),
    user: parameters.get('user') ?? undefined,
    ...(parameters.get('anonymous') === 'true' && { anonymous: true }),
    id: parameters.get('id') ?? undefined,
  };
  const isOne = /^-?\d+$/.test(start) && (session.user !== undefined || session.id !== undefined);
  return { page: Number.isSafeInteger(page) && page > 0 ? page : 1, ...(isOne && { session }) };
}
