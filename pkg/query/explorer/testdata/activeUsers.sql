-- activeUsers
select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-02-02T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z";

select p.user_key, width_bucket(p.first_seen, $1::timestamptz[]) - 1 as day
  from footfall.profiles p
 where p.first_seen >= $2 and p.first_seen < $3
-- $1 = ["2026-02-02T00:00:00Z","2026-02-03T00:00:00Z","2026-02-04T00:00:00Z","2026-02-05T00:00:00Z","2026-02-06T00:00:00Z","2026-02-07T00:00:00Z","2026-02-08T00:00:00Z","2026-02-09T00:00:00Z","2026-02-10T00:00:00Z","2026-02-11T00:00:00Z","2026-02-12T00:00:00Z","2026-02-13T00:00:00Z","2026-02-14T00:00:00Z","2026-02-15T00:00:00Z","2026-02-16T00:00:00Z","2026-02-17T00:00:00Z","2026-02-18T00:00:00Z","2026-02 ...
-- $2 = "2026-02-02T00:00:00Z"
-- $3 = "2026-04-01T00:00:00Z"
