-- Sessions that have gone quiet, together in blocks, and copies in them that do not count any more: docs/data-model.md, "Blocks of
-- sessions". Rows are inserted and deleted, never updated. A column without values is null.
create table footfall.blocks (
  bucket          smallint not null,  -- as in tail
  id              bigint generated always as identity,
  number          bigint not null,    -- of columns.number, when its sessions were read
  format          smallint not null,
  sessions        integer not null,   -- copies, dead ones too
  events          integer not null,
  min_start       timestamptz(3) not null,
  max_start       timestamptz(3) not null,
  max_end         timestamptz(3) not null,
  users           bytea,
  keys            bytea,
  starts          bytea,
  ends            bytea,
  flags           bytea,
  counts          bytea,
  totals          bytea,
  attributes      bytea,
  list            bytea,
  tokens          bytea,
  offsets         bytea,
  durations       bytea,
  view_names      bytea,
  action_types    bytea,
  action_targets  bytea,
  error_types     bytea,
  primary key (bucket, id)
) with (autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 0);
-- They are compressed already.
alter table footfall.blocks
  alter users set storage external, alter keys set storage external, alter starts set storage external,
  alter ends set storage external, alter flags set storage external, alter counts set storage external,
  alter totals set storage external, alter attributes set storage external, alter list set storage external,
  alter tokens set storage external, alter offsets set storage external, alter durations set storage external,
  alter view_names set storage external, alter action_types set storage external, alter action_targets set storage external,
  alter error_types set storage external;

create table footfall.dead (
  bucket     smallint not null,
  id         bigint generated always as identity,
  format     smallint not null,
  deaths     integer not null,
  min_start  timestamptz(3) not null,
  max_start  timestamptz(3) not null,
  starts     bytea,
  users      bytea,
  keys       bytea,
  numbers    bytea,
  primary key (bucket, id)
) with (autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 0);
alter table footfall.dead
  alter starts set storage external, alter users set storage external, alter keys set storage external,
  alter numbers set storage external;

-- The last number that was taken under the worker's lock.
alter table footfall.columns add column number bigint not null default 0;
-- The worker seals what tail holds beyond so many sessions; null: nothing is sealed.
alter table footfall.settings add column tail_sessions integer check (tail_sessions >= 0);
