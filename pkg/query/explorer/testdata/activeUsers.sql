-- activeUsers
with active as (
select s.user_key, width_bucket(s.start_ts, $1::timestamptz[]) as day, min(p.first_seen) as first_seen
  from footfall.sessions s
  left join footfall.profiles p on p.user_key = s.user_key
 where s.start_ts >= $2 and s.start_ts < $3 and p.anonymous = false and true
 group by s.user_key, day
), days as (
select day, lead(day) over (partition by user_key order by day) as next, width_bucket(first_seen, $1::timestamptz[]) = day as is_new
  from active
), changes as (
select w.length, d.day, 1 as change
  from days d cross join (values (1), (7), (28)) w (length)
 union all
select w.length, least(d.next, d.day + w.length), -1
  from days d cross join (values (1), (7), (28)) w (length)
 union all
select 0, d.day, 1
  from days d
 where d.is_new
)
select length, day, sum(change)::bigint
  from changes
 group by length, day
-- $1 = ["2026-02-02T00:00:00Z","2026-02-03T00:00:00Z","2026-02-04T00:00:00Z","2026-02-05T00:00:00Z","2026-02-06T00:00:00Z","2026-02-07T00:00:00Z","2026-02-08T00:00:00Z","2026-02-09T00:00:00Z","2026-02-10T00:00:00Z","2026-02-11T00:00:00Z","2026-02-12T00:00:00Z","2026-02-13T00:00:00Z","2026-02-14T00:00:00Z","2026-02-15T00:00:00Z","2026-02-16T00:00:00Z","2026-02-17T00:00:00Z","2026-02-18T00:00:00Z","2026-02 ...
-- $2 = "2026-02-02T00:00:00Z"
-- $3 = "2026-04-01T00:00:00Z"
