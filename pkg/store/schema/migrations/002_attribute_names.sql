-- Names of the attributes that events carry, for suggestions and for telling unknown names. The worker keeps it.

create type footfall.attribute_level as enum ('event', 'user');

-- name: at level event the key in the event's attributes; at level user the trait with its prefix, as usr.plan.
-- numeric: every value so far was a number or text that reads as one.
create table footfall.attribute_names (
  level    footfall.attribute_level not null,
  name     text not null,
  numeric  boolean not null,
  primary key (level, name)
);

-- The few sessions that reach far into a time range that they do not start in.
create index sessions_long on footfall.sessions (start_ts, end_ts) where end_ts - start_ts > interval '1 day';
