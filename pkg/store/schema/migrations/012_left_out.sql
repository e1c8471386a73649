-- What was left out of events that were kept, or cut, since it broke a rule: how often, by field and reason, with the
-- latest value. Reasons speak of no values, so there are as many rows as rules.
create table footfall.left_out (
  field             text not null,
  reason            text not null,
  times             bigint not null,
  seen_at           timestamptz not null,
  sample            text,
  source            text,
  usr_id            text,        -- who sent the sample, and in which session, for forgetting
  usr_anonymous_id  text,
  session_id        text,
  primary key (field, reason)
);
