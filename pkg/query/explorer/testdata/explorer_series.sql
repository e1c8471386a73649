-- explorer
with rows as (
select width_bucket(s.start_ts, $3::timestamptz[]) as bucket,
       coalesce(s.country, 0) as facet_1,
       case when not p.anonymous then p.user_key end as user_key,
       1 as weight,
       (extract(epoch from s.end_ts - s.start_ts) * 1000)::double precision as value_0
  from footfall.sessions s
  left join footfall.profiles p on p.user_key = s.user_key
 where s.start_ts >= $1 and s.start_ts < $2
   and true
), cells as (
select bucket,
       facet_1,
       user_key,
       weight as number_0,
       value_0
  from rows r
), top_1 as (
select *
  from (select g.*, coalesce(d.value, '') as label,
               row_number() over (order by g.rank desc nulls last, coalesce(d.value, '') collate "C") as place_1,
               count(*) over () as number
          from (select c.facet_1 as value, (count(distinct c.user_key) filter (where c.number_0 > 0))::double precision as rank
                  from cells c
                 group by 1) g
          left join footfall.dictionary d on d.id = g.value
         where coalesce(d.value, '') <> '(other)') ranked
 where place_1 <= 2
), result as (
select c.bucket,
       coalesce(top_1.place_1, 3) as place_1,
       (count(distinct c.user_key) filter (where c.number_0 > 0))::double precision as measure_0,
       (percentile_cont(0.5) within group (order by c.value_0) filter (where c.number_0 > 0))::double precision as measure_1
  from cells c
  left join top_1 on top_1.value = c.facet_1
 group by 1, 2
)
select r.bucket, r.place_1, top_1.label, top_1.number, r.measure_0, r.measure_1
  from result r
  left join top_1 on top_1.place_1 = r.place_1
 order by r.place_1, r.bucket
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = ["2026-03-01T00:00:00Z"]
