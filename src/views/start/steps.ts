/** How far a store is set up, step by step. */
import { type Health } from '../../api/health';
import { formatAgo, formatCount } from '../../components/numbers';
import { type StoreStatus } from '../../query/types.gen';
import { t } from '../../text';

export type StepName = 'source' | 'schema' | 'worker' | 'events' | 'users' | 'dashboards';

export interface Step {
  name: StepName;
  /** `now` is what is to be done next; what comes `later` needs it. */
  state: 'done' | 'now' | 'later';
  /** What is there, or what is to be done. */
  text: string;
}

/** How long a worker may be silent, in milliseconds, as for the backend. */
const SILENCE = 60_000;

/** What a step finds: a text where it is done, undefined where it is not. */
type Found = Record<StepName, string | undefined>;

/**
 * The steps of a store, of which at most one is to be done now; dashboards can wait, since all else goes without them.
 * `at` is the time in milliseconds since 1970.
 */
export function stepsOf(
  { ok, message, details: { postgres, status } }: Health,
  at: number,
  hasDashboards: boolean
): Step[] {
  const found: Found = {
    source: postgres && t('start.source.done', { version: postgres }),
    schema: status && t('start.schema.done', { version: status.schema_version }),
    worker: status && workerText(status, at),
    events: status && eventsText(status),
    users: status && usersText(status),
    dashboards: hasDashboards ? t('start.dashboards.done') : undefined,
  };
  const names = Object.keys(found) as StepName[];
  const next = names.find((name) => name !== 'dashboards' && found[name] === undefined);
  return names.map((name) => ({
    name,
    state: found[name] !== undefined ? 'done' : name === next ? 'now' : 'later',
    text: found[name] ?? (name === next && !ok ? message : t(`start.${name}.todo`)),
  }));
}

/** Whether nothing is to be done. */
export const isSetUp = (steps: Step[]) => steps.every(({ state }) => state !== 'now');

/** A worker that is silent is missed where something waits for it. */
function workerText({ worker_heartbeat, worker_host, inbox }: StoreStatus, at: number): string | undefined {
  const seen = worker_heartbeat ? Date.parse(worker_heartbeat) : undefined;
  if (seen === undefined || (inbox > 0 && at - seen > SILENCE)) {
    return undefined;
  }
  return at - seen > SILENCE
    ? t('start.worker.quiet', { ago: formatAgo(seen) })
    : t('start.worker.done', { host: worker_host ?? '' });
}

function eventsText({ events, last_event }: StoreStatus): string | undefined {
  if (events === 0) {
    return undefined;
  }
  const n = formatCount(events);
  return last_event
    ? t('start.events.done', { n, ago: formatAgo(Date.parse(last_event)) })
    : t('start.events.some', { n });
}

function usersText({ users, anonymous, sessions }: StoreStatus): string | undefined {
  if (users === 0) {
    return undefined;
  }
  const said = { users: formatCount(users), sessions: formatCount(sessions) };
  return anonymous === 0
    ? t('start.users.done', said)
    : t('start.users.andAnonymous', { ...said, anonymous: formatCount(anonymous) });
}
