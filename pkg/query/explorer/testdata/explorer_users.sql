-- explorer
with rows as (
select case when jsonb_typeof((p.attributes -> $3)) = 'array'
       then coalesce(nullif(array(select distinct case jsonb_typeof(x) when 'number' then trim_scale(x::numeric)::text else x #>> '{}' end from jsonb_array_elements((p.attributes -> $3)) x where x <> 'null'), '{}'), array[null::text])
       else array[case jsonb_typeof((p.attributes -> $3)) when 'number' then trim_scale((p.attributes -> $3)::numeric)::text else (p.attributes ->> $3) end] end as facet_1,
       p.user_key as user_key,
       a.sessions as weight
  from (select s.user_key, count(*)::integer as sessions
          from footfall.sessions s
         where s.start_ts >= $1 and s.start_ts < $2
         group by s.user_key) a
  join footfall.profiles p on p.user_key = a.user_key
 where not p.anonymous and true
), cells as (
select facet_1,
       user_key,
       weight as number_0
  from rows r
), top_1 as (
select *
  from (select g.*, g.value as label,
               row_number() over (order by g.rank desc nulls last, g.value collate "C") as place_1,
               count(*) over () as number
          from (select coalesce(each_1.value, '') as value, (count(distinct c.user_key) filter (where c.number_0 > 0))::double precision as rank
                  from cells c
  cross join lateral unnest(c.facet_1) each_1 (value)
                 group by 1) g) ranked
 where place_1 <= 10
), result as (
select top_1.place_1 as place_1,
       (count(distinct c.user_key) filter (where c.number_0 > 0))::double precision as measure_0
  from cells c
  cross join lateral unnest(c.facet_1) each_1 (value)
  join top_1 on top_1.value = coalesce(each_1.value, '')
 group by 1
)
select r.place_1, top_1.label, top_1.number, r.measure_0
  from result r
  left join top_1 on top_1.place_1 = r.place_1
 order by r.place_1
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = "usr.plan"
