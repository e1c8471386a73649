import { type RawTimeRange } from '@grafana/data';

/** All of one user's view that a link carries. */
export interface UserState {
  /** The usr.id, or an anonymous id. */
  user: string;
  anonymous: boolean;
  /** What pages, actions and sessions are looked for in. */
  range: RawTimeRange;
  /** Of the list of sessions, from 1. */
  page: number;
  /** A moment of the session whose events are shown, in milliseconds since 1970; '' where none is. */
  session: string;
}

export const DEFAULT_STATE: UserState = {
  ...{ user: '', anonymous: false, page: 1, session: '' },
  range: { from: 'now-30d', to: 'now' },
};

/**
 * The state as parameters of an address, as links of the backend have them; what is as usual is left out. A panel's range is
 * that of its dashboard.
 */
export function toParameters(
  { user, anonymous, range, page, session }: UserState,
  { from, to } = DEFAULT_STATE.range
): string[][] {
  return [
    ...(user ? [['user', user]] : []),
    ...(anonymous ? [['anonymous', 'true']] : []),
    ...(range.from !== from || range.to !== to
      ? [
          ['from', String(range.from)],
          ['to', String(range.to)],
        ]
      : []),
    ...(page === DEFAULT_STATE.page ? [] : [['page', String(page)]]),
    ...(session ? [['session', session]] : []),
  ];
}

/** The state of an address; what it lacks or says wrongly is as usual. */
export function fromParameters(parameters: URLSearchParams, { from, to } = DEFAULT_STATE.range): UserState {
  const usual = DEFAULT_STATE;
  const page = Number(parameters.get('page'));
  const session = parameters.get('session') ?? '';
  return {
    user: parameters.get('user') ?? usual.user,
    anonymous: parameters.get('anonymous') === 'true',
    range: { from: parameters.get('from') || from, to: parameters.get('to') || to },
    page: Number.isSafeInteger(page) && page > 0 ? page : usual.page,
    session: /^-?\d+$/.test(session) ? session : usual.session,
  };
}
