-- explorer
with rows as (
select case when not p.anonymous then p.user_key end as user_key,
       1 as weight,
       e.token in (select k.id from footfall.tokens k where (k.page in (select d.id from footfall.dictionary d where d.kind = 'page' and (d.value = any ($3::text[]))) or k.page_group in (select d.id from footfall.dictionary d where d.kind = 'page' and (d.value = any ($3::text[]))))) as matches_1
  from footfall.sessions s
  cross join lateral (select unnest(s.tokens) as token, unnest(s.offsets) as "offset") a
  cross join lateral (select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms' as ts, a.token) e
  left join footfall.profiles p on p.user_key = s.user_key
 where not s.truncated and s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and (s.start_ts >= $1 and s.end_ts < $2 or e.ts >= $1 and e.ts < $2)
   and true
union all
select case when not p.anonymous then p.user_key end as user_key,
       1 as weight,
       e.token in (select k.id from footfall.tokens k where (k.page in (select d.id from footfall.dictionary d where d.kind = 'page' and (d.value = any ($3::text[]))) or k.page_group in (select d.id from footfall.dictionary d where d.kind = 'page' and (d.value = any ($3::text[]))))) as matches_1
  from footfall.sessions s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  left join footfall.profiles p on p.user_key = s.user_key
 where s.truncated and s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and e.ts >= $1 and e.ts < $2
   and true
union all
select case when not p.anonymous then p.user_key end as user_key,
       1 as weight,
       e.token in (select k.id from footfall.tokens k where (k.page in (select d.id from footfall.dictionary d where d.kind = 'page' and (d.value = any ($3::text[]))) or k.page_group in (select d.id from footfall.dictionary d where d.kind = 'page' and (d.value = any ($3::text[]))))) as matches_1
  from footfall.users n
  join footfall.events e on e.user_key = n.key and e.session_key = 0
  left join footfall.profiles p on p.user_key = e.user_key
 where n.kind = 'none' and n.id like 'event:%' and e.ts >= $1 and e.ts < $2
   and true
), cells as (
select user_key,
       sum(weight) as number_0,
       sum(weight) filter (where matches_1) as number_1
  from rows r
 group by user_key
), result as (
select (count(c.user_key) filter (where c.number_1 > 0)::double precision / nullif(count(c.user_key) filter (where c.number_0 > 0), 0))::double precision as measure_0
  from cells c
)
select r.measure_0
  from result r
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = ["/checkout"]
