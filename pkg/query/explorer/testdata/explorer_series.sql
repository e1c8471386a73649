-- explorer
select t.user_key, t.session_key, t.start_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
