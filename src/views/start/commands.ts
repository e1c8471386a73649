/** What to type to set up a store and to send events to it. No password is known here, and none is printed. */
import { type FootfallSettings } from '../../datasource/types';

/** Where a store is, as Grafana reaches it. Who may not know has names to fill in. */
export interface Store {
  host: string;
  database: string;
  /** The role that Grafana asks by. */
  reader: string;
  sslmode?: string;
}

export const UNKNOWN: Store = { host: 'HOST:5432', database: 'DATABASE', reader: 'grafana' };

/** A datasource as Grafana's API tells it. */
export interface SettingsOfApi {
  url?: string;
  user?: string;
  database?: string;
  jsonData?: FootfallSettings;
}

export const storeOf = ({ url, user, database, jsonData }: SettingsOfApi): Store => ({
  host: url || UNKNOWN.host,
  database: jsonData?.database || database || UNKNOWN.database,
  reader: user || UNKNOWN.reader,
  sslmode: jsonData?.sslmode,
});

/** Addresses are encrypted or checked as Grafana's connection is; without encryption that is what programs try, too. */
export function addressOf({ host, database, sslmode }: Store, role: string): string {
  const mode = sslmode && sslmode !== 'disable' ? `?sslmode=${sslmode}` : '';
  return `postgres://${role}@${host}/${encodeURIComponent(database)}${mode}`;
}

/** In single quotes of a shell. */
const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const OWNER = 'footfall_owner';
const WRITER = 'footfall_writer';

export const migrate = (store: Store) =>
  `footfall migrate --dsn ${quoted(addressOf(store, OWNER))} --reader ${quoted(store.reader)}`;

export const work = (store: Store) => `footfall work --dsn ${quoted(addressOf(store, OWNER))}`;

/** The role that the commands below write by. */
export const grant = () =>
  [
    `create role ${WRITER} login;`,
    `grant usage on schema footfall to ${WRITER};`,
    `grant insert on footfall.inbox to ${WRITER};`,
    `grant select, insert, update on footfall.imports to ${WRITER};`,
  ].join('\n');

export const importCsv = (store: Store) =>
  [
    `footfall import --dsn ${quoted(addressOf(store, WRITER))}`,
    '--map ts=timestamp --map usr.id=user_id --map session.id=session_id',
    '--map view.url_path=page --set type=view events.csv.gz',
  ].join(' \\\n    ');

export const importSdk = (store: Store) =>
  `footfall import --dsn ${quoted(addressOf(store, WRITER))} --map ts=date rum-*.ndjson.gz`;

export const INSERT = `insert into footfall.inbox (ts, type, event_id, usr_id, session_id, view_url_path, attributes)
values (now(), 'view', gen_random_uuid(), 'ann', 's-1', '/cart', '{"usr.plan": "pro"}');`;

export const insert = (store: Store) => `psql ${quoted(addressOf(store, WRITER))} <<'SQL'\n${INSERT}\nSQL`;

export const copy = (store: Store) =>
  `psql ${quoted(addressOf(store, WRITER))} -c ` +
  `"\\copy footfall.inbox (ts, type, usr_id, session_id, view_url_path) from 'events.csv' csv header"`;
