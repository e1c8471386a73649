-- What each worker says of itself while it works: a batch holds the row of footfall.worker from its beginning, so signs of
-- life need rows of their own.
create table footfall.workers (
  id         uuid primary key,  -- of a run of a worker
  host       text not null,
  heartbeat  timestamptz not null default clock_timestamp(),
  doing      text not null check (doing in ('idle', 'batch', 'waiting', 'ended')),
  since      timestamptz not null,  -- when it began to
  pid        integer                -- of the server's process that the batch runs in
);
insert into footfall.workers (id, host, heartbeat, doing, since)
select gen_random_uuid(), coalesce(host, ''), heartbeat, 'ended', heartbeat from footfall.worker where heartbeat is not null;
alter table footfall.worker drop column heartbeat, drop column host;
