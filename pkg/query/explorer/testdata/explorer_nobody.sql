-- explorer
with rows as (
select width_bucket(e.ts, $4::timestamptz[]) as bucket,
       e.token,
       1 as weight
  from footfall.sessions s
  cross join lateral (select unnest(s.tokens) as token, unnest(s.offsets) as "offset") a
  cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'
 where not s.truncated and s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and (s.start_ts >= $1 and s.end_ts < $2 or e.ts >= $1 and e.ts < $2)
   and u.id = $3
union all
select width_bucket(e.ts, $4::timestamptz[]) as bucket,
       e.token,
       1 as weight
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'
 where s.truncated and s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and e.ts >= $1 and e.ts < $2
   and u.id = $3
union all
select width_bucket(e.ts, $4::timestamptz[]) as bucket,
       e.token,
       1 as weight
  from footfall.users n
  join footfall.events e on e.user_key = n.key and e.session_key = 0
  left join footfall.users u on u.key = e.user_key and u.kind <> 'none'
 where n.kind = 'none' and n.id like 'event:%' and e.ts >= $1 and e.ts < $2
   and u.id = $3
), cells as (
select bucket,
       coalesce(coalesce(k.page_group, k.page), 0) as facet_1,
       sum(weight) as number_0
  from rows r
  join footfall.tokens k on k.id = r.token
 group by bucket, facet_1
), top_1 as (
select *
  from (select g.*, coalesce(d.value, '') as label,
               row_number() over (order by g.rank desc nulls last, coalesce(d.value, '') collate "C") as place_1,
               count(*) over () as number
          from (select c.facet_1 as value, (coalesce(sum(c.number_0), 0))::double precision as rank
                  from cells c
                 group by 1) g
          left join footfall.dictionary d on d.id = g.value) ranked
 where place_1 <= 10
), result as (
select c.bucket,
       top_1.place_1 as place_1,
       (coalesce(sum(c.number_0), 0))::double precision as measure_0
  from cells c
  join top_1 on top_1.value = c.facet_1
 group by 1, 2
)
select r.bucket, r.place_1, top_1.label, top_1.number, r.measure_0
  from result r
  left join top_1 on top_1.place_1 = r.place_1
 order by r.place_1, r.bucket
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = "nobody"
-- $4 = ["2026-03-01T00:00:00Z","2026-03-01T01:00:00Z","2026-03-01T02:00:00Z","2026-03-01T03:00:00Z","2026-03-01T04:00:00Z","2026-03-01T05:00:00Z","2026-03-01T06:00:00Z","2026-03-01T07:00:00Z","2026-03-01T08:00:00Z","2026-03-01T09:00:00Z","2026-03-01T10:00:00Z","2026-03-01T11:00:00Z","2026-03-01T12:00:00Z","2026-03-01T13:00:00Z","2026-03-01T14:00:00Z","2026-03-01T15:00:00Z","2026-03-01T16:00:00Z","2026-03 ...
