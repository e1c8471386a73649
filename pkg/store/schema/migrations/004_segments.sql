-- Segments: named sets of users. Reference tables: uploaded rows about users. docs/segments.md explains both.

create type footfall.segment_kind as enum ('dynamic', 'static');

-- dynamic: what definition says, computed again and again. static: the users in segment_lists.
create table footfall.segments (
  key               integer generated always as identity primary key,
  id                text not null unique,
  name              text not null,
  description       text not null default '',
  kind              footfall.segment_kind not null,
  definition        jsonb,
  identity          text,                           -- of a static segment: which attribute its list holds
  refresh_minutes   integer check (refresh_minutes > 0),  -- null: on demand only
  version           integer not null default 1,     -- raised by every change of what stands above
  created_at        timestamptz not null default clock_timestamp(),
  created_by        text not null,
  changed_at        timestamptz not null default clock_timestamp(),
  changed_by        text not null,
  -- The last good computation, whose users are in segment_members.
  computed_at       timestamptz,
  computed_version  integer,
  took_ms           double precision,
  size              bigint,
  universe          bigint,                         -- how many users there were to choose from
  -- The last attempt, where it failed; null after a good one.
  error             text,
  error_at          timestamptz,
  stale             boolean not null default true,  -- it, or a segment or table under it, has changed since
  check ((kind = 'dynamic') = (definition is not null)),
  check ((kind = 'static') = (identity is not null))
);

-- Which segments and tables a definition speaks of, by id and name.
create table footfall.segment_uses (
  segment_key  integer not null,
  kind         text not null check (kind in ('segment', 'table')),
  id           text not null,
  primary key (segment_key, kind, id)
);

create table footfall.segment_members (
  user_key     integer not null,
  segment_key  integer not null,
  primary key (user_key, segment_key)
);
create index segment_members_segment on footfall.segment_members (segment_key, user_key);

-- The list of a static segment, normalised; users join it once the store sees them.
create table footfall.segment_lists (
  segment_key  integer not null,
  value        text not null,
  anonymous    boolean not null default false,
  primary key (segment_key, value, anonymous)
);

create table footfall.segment_sizes (
  segment_key  integer not null,
  computed_at  timestamptz not null,
  version      integer not null,
  size         bigint not null,
  universe     bigint not null,
  took_ms      double precision not null,
  primary key (segment_key, computed_at)
);

-- Who changed what when; it stays when the segment or table is deleted.
create table footfall.segment_changes (
  number       bigint generated always as identity primary key,
  kind         text not null check (kind in ('segment', 'table')),
  id           text not null,
  version      integer not null,
  change       text not null check (change in ('created', 'updated', 'deleted')),
  changed_at   timestamptz not null default clock_timestamp(),
  changed_by   text not null,
  content      jsonb not null
);
create index segment_changes_id on footfall.segment_changes (kind, id, number);

create table footfall.reference_tables (
  id           integer generated always as identity primary key,
  name         text not null unique,
  identity     text not null,   -- the attribute of users that the key is compared with
  key_column   text not null,
  columns      jsonb not null,  -- [{"name": ..., "type": "text" or "number"}], in the order of the file, the key among them
  rows         bigint not null,
  version      integer not null default 1,
  file         text not null default '',
  uploaded_at  timestamptz not null default clock_timestamp(),
  uploaded_by  text not null,
  report       jsonb not null
);

-- key: normalised as the identity asks. value: the row as {"column": text}, without empty ones.
create table footfall.reference_rows (
  table_id  integer not null,
  key       text not null,
  value     jsonb not null,
  primary key (table_id, key)
);

-- Sessions whose arrays do not hold all of their events.
create index sessions_truncated on footfall.sessions (user_key) where truncated;
-- For joins with lists and reference tables, which compare e-mails without case and spaces.
create index users_email on footfall.users (lower(btrim(email))) where email is not null;
create index users_name on footfall.users (name) where name is not null;
