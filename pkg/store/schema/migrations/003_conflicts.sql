-- The latest events that came with the identity of another one and said something else; only the first one counts.
create table footfall.conflicts (
  id           bigint generated always as identity primary key,
  seen_at      timestamptz not null default clock_timestamp(),
  received_at  timestamptz,
  source       text,
  fields       text[] not null,  -- in which it differs from the first one
  usr_id       text,
  row          jsonb not null    -- as it came
);

-- When retention was last applied, so that one of several workers does it.
alter table footfall.worker add column retained_at timestamptz;
