-- explorer
with rows as (
select width_bucket(s.start_ts, $3::timestamptz[]) as bucket,
       s.events as weight
  from footfall.sessions s
 where s.start_ts >= $1 and s.start_ts < $2
   and s.start_ts >= $1 and s.end_ts < $2
   and width_bucket(s.start_ts, $3::timestamptz[]) >= width_bucket(s.end_ts, $3::timestamptz[])
   and true
union all
select width_bucket(e.ts, $3::timestamptz[]) as bucket,
       1 as weight
  from footfall.sessions s
  cross join lateral (select unnest(s.tokens) as token, unnest(s.offsets) as "offset") a
  cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e
 where not s.truncated and s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and not (s.start_ts >= $1 and s.end_ts < $2
   and width_bucket(s.start_ts, $3::timestamptz[]) >= width_bucket(s.end_ts, $3::timestamptz[]))
   and (s.start_ts >= $1 and s.end_ts < $2 or e.ts >= $1 and e.ts < $2)
   and true
union all
select width_bucket(e.ts, $3::timestamptz[]) as bucket,
       1 as weight
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
 where s.truncated and s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and not (s.start_ts >= $1 and s.end_ts < $2
   and width_bucket(s.start_ts, $3::timestamptz[]) >= width_bucket(s.end_ts, $3::timestamptz[]))
   and e.ts >= $1 and e.ts < $2
   and true
union all
select width_bucket(e.ts, $3::timestamptz[]) as bucket,
       1 as weight
  from footfall.users n
  join footfall.events e on e.user_key = n.key and e.session_key = 0
 where n.kind = 'none' and n.id like 'event:%' and e.ts >= $1 and e.ts < $2
   and true
), cells as (
select bucket,
       sum(weight) as number_0
  from rows r
 group by bucket
), result as (
select c.bucket,
       (coalesce(sum(c.number_0), 0))::double precision as measure_0
  from cells c
 group by 1
)
select r.bucket, r.measure_0
  from result r
 order by r.bucket
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = ["2026-02-23T00:00:00Z","2026-03-02T00:00:00Z","2026-03-09T00:00:00Z","2026-03-16T00:00:00Z","2026-03-23T00:00:00Z","2026-03-30T00:00:00Z"]
