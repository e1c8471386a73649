/** What the first page says of the others: a live figure each. */
import { type DataFrame } from '@grafana/data';

import { type Target } from '../../api/ask';
import { formatCount } from '../../components/numbers';
import { type Segment, type Table } from '../../query/types.gen';
import { t } from '../../text';

export const LAST_30_DAYS = { from: 'now-30d', to: 'now' };

/** How many sessions there were, of how many users, and in how many of them a page was viewed. */
export const ACTIVITY: Target[] = [
  {
    ...{ refId: 'activity', queryType: 'explorer' },
    options: {
      ...{ over: 'sessions', format: 'table' },
      measures: [{ measure: 'count' }, { measure: 'users' }, { measure: 'count', filter: 'views:>0' }],
    },
  },
];

export interface Activity {
  sessions: number;
  users: number;
  /** The sessions that pathways are of. */
  paths: number;
}

export function activityOf(frames: DataFrame[] = []): Activity | undefined {
  const [sessions, users, paths] = frames.flatMap(({ fields }) => fields).map(({ values }) => Number(values[0] ?? 0));
  return sessions === undefined || users === undefined || paths === undefined ? undefined : { sessions, users, paths };
}

/** The largest groups, by name: "Premium: 312 · Dropouts: 98". */
export const largest = (segments: Segment[]) =>
  [...segments]
    .filter(({ size }) => size !== null)
    .sort((a, b) => b.size! - a.size!)
    .slice(0, 3)
    .map(({ name, size }) => t('start.sizeOf', { name, n: formatCount(size!) }))
    .join(' · ');

export const namesOf = (tables: Table[]) =>
  tables
    .slice(0, 3)
    .map(({ name, rows }) => t('start.sizeOf', { name, n: formatCount(rows) }))
    .join(' · ');
