-- Attributes of events, packed beside blocks: docs/data-model.md, "Attributes of events in blocks". Which ones, by the names that
-- events give them:
create table footfall.packed_attributes (
  name   text primary key,
  since  timestamptz not null default now()
);

-- Rows are inserted, and go with their block; never updated. No foreign key says so: a dump may leave blocks out, and with one it
-- could not be restored.
create table footfall.block_attributes (
  bucket  smallint not null,
  block   bigint not null,
  name    text not null,
  format  smallint not null,
  packed  boolean not null,  -- false: values are too long, and are read from events
  texts   bytea,
  events  bytea,
  primary key (bucket, block, name)
) with (autovacuum_vacuum_cost_delay = 0, toast.autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_cost_delay = 0);
-- They are compressed already.
alter table footfall.block_attributes alter texts set storage external, alter events set storage external;
