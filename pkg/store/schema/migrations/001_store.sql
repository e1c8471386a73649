-- The event store. docs/data-model.md explains every table; docs/definitions.md says what the numbers mean.
-- Every unique key of events, sessions and profiles holds the user key, so that Citus can distribute them by it.

do $$
declare
  trgm text;
begin
  create extension if not exists pg_trgm;
  select n.nspname into trgm from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  -- The operator class below is found through this path wherever the extension was installed before.
  perform set_config('search_path', format('footfall, %I, pg_catalog', trgm), true);
end $$;

-- What writers append to, and the whole contract with them. All text: the worker validates, a writer never fails.
create table footfall.inbox (
  ts                       text,
  seq                      text,
  event_id                 text,
  type                     text,
  usr_id                   text,
  usr_name                 text,
  usr_email                text,
  usr_anonymous_id         text,
  session_id               text,
  application_id           text,
  view_id                  text,
  view_url_path            text,
  view_name                text,
  action_type              text,
  action_name              text,
  action_target_name       text,
  error_type               text,
  error_message            text,
  action_frustration_type  text,
  duration                 text,
  geo_country_iso_code     text,
  geo_country_subdivision  text,
  geo_city                 text,
  device_type              text,
  os_name                  text,
  os_version               text,
  browser_name             text,
  browser_version          text,
  attributes               text,
  source                   text,
  received_at              timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000, autovacuum_vacuum_cost_delay = 0);

-- Rows of the inbox that broke a rule: the row as it came, the field and the reason.
create table footfall.rejected (
  id           bigint generated always as identity primary key,
  rejected_at  timestamptz not null default clock_timestamp(),
  received_at  timestamptz,
  source       text,
  field        text,
  reason       text not null,
  sqlstate     text,
  usr_id       text,
  row          jsonb
);
create index rejected_usr_id on footfall.rejected (usr_id) where usr_id is not null;

create type footfall.dictionary_kind as enum (
  'application', 'country', 'region', 'city', 'device_type', 'os_name', 'os_version', 'browser_name', 'browser_version',
  'page', 'view_name', 'action_type', 'action_name', 'action_target', 'error_type'
);

-- Every repeated text once. Unique on a hash, since a btree cannot hold long text.
create table footfall.dictionary (
  id     integer primary key,
  kind   footfall.dictionary_kind not null,
  hash   uuid not null,
  value  text not null,
  unique (kind, hash)
);

create type footfall.event_type as enum ('view', 'action', 'error', 'resource', 'long_task', 'custom');

-- What a filter on type, page, name and frustration needs to know of an event. Sessions hold arrays of token ids.
-- name: of the view, action or error. frustration: bits, 1 rage click, 2 dead click, 4 error click, 8 rage tap, 16 error tap.
create table footfall.tokens (
  id           integer primary key,
  type         footfall.event_type not null,
  page         integer,
  name         integer,
  frustration  smallint not null default 0,
  unique nulls not distinct (type, page, name, frustration)
);

-- Where an event happened: distinct combinations, most sessions have one.
create table footfall.contexts (
  id               integer primary key,
  application      integer,
  country          integer,
  region           integer,
  city             integer,
  device_type      integer,
  os_name          integer,
  os_version       integer,
  browser_name     integer,
  browser_version  integer,
  unique nulls not distinct
    (application, country, region, city, device_type, os_name, os_version, browser_name, browser_version)
);

-- What an event said of its user: {"usr.name": ..., "usr.email": ..., "usr.plan": ...}, distinct objects.
create table footfall.traits (
  id     integer primary key,
  hash   uuid not null unique,
  value  jsonb not null
);

-- usr: by usr.id; anonymous: by usr.anonymous_id; none: events that belong to nobody, one key per session.
create type footfall.user_kind as enum ('usr', 'anonymous', 'none');

create table footfall.user_keys (
  id    text not null,
  kind  footfall.user_kind not null,
  key   integer not null,
  primary key (id, kind)
);

-- Written only when something changes, so that the search index stays quiet.
create table footfall.users (
  key    integer primary key,
  kind   footfall.user_kind not null,
  id     text not null,
  name   text,
  email  text
);
create index users_search on footfall.users using gin (id gin_trgm_ops, name gin_trgm_ops, email gin_trgm_ops);

-- One row per event, by month of ts. session_key 0: no session. token: with derived frustrations; reported: bits as sent.
create table footfall.events (
  user_key       integer not null,
  session_key    bigint not null,
  ts             timestamptz(3) not null,
  seq            bigint,
  event_key      uuid not null,
  duration       double precision,
  view_key       bigint,
  token          integer not null,
  context        integer not null,
  traits         integer,
  view_name      integer,
  action_type    integer,
  action_name    integer,
  action_target  integer,
  error_type     integer,
  reported       smallint not null default 0,
  identified     boolean not null,
  path           text,
  error_message  text,
  attributes     jsonb,
  primary key (user_key, ts, event_key)
) partition by range (ts);

-- One row per session. Arrays run in event order and hold at most settings.session_event_cap events.
create table footfall.sessions (
  user_key         integer not null,
  session_key      bigint not null,
  start_ts         timestamptz(3) not null,
  end_ts           timestamptz(3) not null,
  last_seq         bigint,
  last_event_key   uuid not null,
  application      integer,
  country          integer,
  region           integer,
  city             integer,
  device_type      integer,
  os_name          integer,
  os_version       integer,
  browser_name     integer,
  browser_version  integer,
  events           integer not null,
  views            integer not null,
  actions          integer not null,
  errors           integer not null,
  frustrations     integer not null,
  reported         boolean not null,
  truncated        boolean not null,
  session_id       text,
  tokens           integer[] not null,
  offsets          bigint[] not null,
  pages            integer[] not null,
  primary key (user_key, session_key)
);
create index sessions_user_start on footfall.sessions (user_key, start_ts, session_key);
create index sessions_key on footfall.sessions (session_key);
create index sessions_start on footfall.sessions (start_ts);
create index sessions_tokens on footfall.sessions using gin (tokens);

-- Lifetime values of each user of kind usr or anonymous.
create table footfall.profiles (
  user_key               integer primary key,
  first_seen             timestamptz(3) not null,
  last_seen              timestamptz(3) not null,
  sessions               integer not null,
  views                  bigint not null,
  actions                bigint not null,
  errors                 bigint not null,
  frustrations           bigint not null,
  events                 bigint not null,
  first_session          bigint not null,
  first_application      integer,
  first_country          integer,
  first_region           integer,
  first_city             integer,
  first_device_type      integer,
  first_os_name          integer,
  first_os_version       integer,
  first_browser_name     integer,
  first_browser_version  integer,
  last_session           bigint not null,
  last_session_start     timestamptz(3) not null,
  last_application       integer,
  last_country           integer,
  last_region            integer,
  last_city              integer,
  last_device_type       integer,
  last_os_name           integer,
  last_os_version        integer,
  last_browser_name      integer,
  last_browser_version   integer,
  anonymous              boolean not null,
  attributes             jsonb not null default '{}',
  -- Which event each of name, email and usr.* comes from: {"usr.plan": [ts in ms, seq, event key]}.
  attribute_events       jsonb not null default '{}'
) with (fillfactor = 80);
create index profiles_last_seen on footfall.profiles (last_seen desc, user_key);

create table footfall.settings (
  singleton              boolean primary key default true check (singleton),
  rage_clicks            integer not null default 3 check (rage_clicks >= 2),
  rage_window_ms         integer not null default 1000 check (rage_window_ms > 0),
  error_click_window_ms  integer not null default 1000 check (error_click_window_ms > 0),
  session_gap_ms         bigint not null default 900000 check (session_gap_ms > 0),
  session_max_ms         bigint not null default 14400000 check (session_max_ms > 0),
  session_event_cap      integer not null default 20000 check (session_event_cap > 0),
  token_cap              integer not null default 200000 check (token_cap > 0),
  event_retention        interval,
  session_retention      interval,
  -- A session whose events are gone could be neither shown nor computed again.
  check (event_retention is null or (session_retention is not null and session_retention <= event_retention))
);
insert into footfall.settings default values;

-- Applications whose sources send no session ids and want their own gap; '' stands for events without application.
create table footfall.applications (
  id              text primary key,
  session_gap_ms  bigint not null check (session_gap_ms > 0)
);

-- One row: what the worker did, and exact totals, so that nobody has to count.
create table footfall.worker (
  singleton         boolean primary key default true check (singleton),
  heartbeat         timestamptz,
  host              text,
  last_batch        timestamptz,
  last_batch_ms     double precision,
  last_batch_rows   integer,
  last_error        text,
  last_error_at     timestamptz,
  batches           bigint not null default 0,
  events            bigint not null default 0,
  sessions          bigint not null default 0,
  users             bigint not null default 0,
  anonymous         bigint not null default 0,
  duplicates        bigint not null default 0,
  conflicts         bigint not null default 0,
  rejected          bigint not null default 0,
  dictionary_id     integer not null default 0,
  token_id          integer not null default 0,
  context_id        integer not null default 0,
  traits_id         integer not null default 0,
  user_key          integer not null default 0,
  -- Raised whenever ids are taken out of the dictionaries, so that running workers forget what they remember.
  epoch             bigint not null default 0
);
insert into footfall.worker default values;

-- Users who asked to be forgotten and not to be taken again: sha256 of their usr.id.
create table footfall.blocked (
  hash        bytea primary key,
  blocked_at  timestamptz not null default clock_timestamp()
);
