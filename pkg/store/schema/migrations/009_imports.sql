-- What `footfall import` has brought, so that it can be told apart and taken back. The importer writes the row, the worker
-- adds up what became of its rows.
create table footfall.imports (
  id          integer generated always as identity primary key,
  name        text not null,
  files       text[] not null,
  started_by  text not null default session_user,  -- the database's user
  started_at  timestamptz not null default clock_timestamp(),
  written_at  timestamptz,                         -- when rows last came
  ended_at    timestamptz,
  state       text not null default 'running' check (state in ('running', 'done', 'failed', 'undoing', 'undone')),
  error       text,
  -- Rows of the files: read = refused + written. The worker makes events, duplicates or rejected rows of those written.
  read        bigint not null default 0,
  refused     bigint not null default 0,
  written     bigint not null default 0,
  events      bigint not null default 0,
  duplicates  bigint not null default 0,           -- conflicts among them
  conflicts   bigint not null default 0,
  rejected    bigint not null default 0
);

-- Null for all other writers.
alter table footfall.inbox add column import_id integer;
alter table footfall.events add column import_id integer;
alter table footfall.rejected add column import_id integer;
