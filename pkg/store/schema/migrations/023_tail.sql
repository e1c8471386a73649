-- Each session packed into one value, for questions over many sessions: docs/data-model.md. Packed values are written whole, so
-- that what goes to the TOAST table is replaced with every batch that touches a long session.
create table footfall.tail (
  bucket       smallint not null,  -- user_key modulo columns.buckets; Citus distributes by it
  user_key     integer not null,
  session_key  bigint not null,
  start_ts     timestamptz(3) not null,
  end_ts       timestamptz(3) not null,
  touched      timestamptz(3) not null,
  steps        bytea not null,
  primary key (bucket, user_key, session_key)
) with (autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 0);
alter table footfall.tail alter column steps set storage external;
-- Sessions come nearly in the order of time: the ranges of blocks say as much as a btree of a hundred times the size.
create index tail_times on footfall.tail using brin (start_ts, end_ts) with (pages_per_range = 32, autosummarize = on);

-- One row. Sessions that start at built_from or later stand in tail, all of them and as they are; of earlier ones some do.
create table footfall.columns (
  singleton   boolean primary key default true check (singleton),
  buckets     smallint not null check (buckets > 0),
  built_from  timestamptz not null
);

-- A worker of the version before may be in a batch: what it is about to write counts as a session from before. One that begins
-- later finds another version than its own.
select pg_advisory_xact_lock(1718579060);  -- store.WorkerLock
insert into footfall.columns (buckets, built_from)
select 16, case when exists (select from footfall.sessions) then 'infinity'::timestamptz else '-infinity' end;
