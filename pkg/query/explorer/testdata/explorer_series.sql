-- explorer
select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z";

-- The same in plain SQL, 2026-03-01 00:00:00 to 2026-04-01 00:00:00, over views of the store that docs/data-model.md explains:
with buckets as (
-- when each begins, in the query's time zone
select array['2026-03-01T00:00:00Z']::timestamptz[] as starts
), hits as (
-- sessions that start in the range; facet_1: country; value_1: session_duration
select b.starts[width_bucket(s.session_start, b.starts)] as bucket,
       s.user_key,
       s.anonymous,
       s.session_key,
       coalesce(s.country, '') as facet_1,
       s.session_duration::double precision as value_1
  from footfall.plain_sessions s
  cross join buckets b
 where s.session_start >= timestamptz '2026-03-01T00:00:00Z' and s.session_start < timestamptz '2026-04-01T00:00:00Z'
), top_1 as (
-- the first 2 values of country, by the first measure, then by value
select *
  from (select g.*, row_number() over (order by g.rank desc nulls last, g.value collate "C") as place
          from (select h.facet_1 as value, count(distinct h.user_key) filter (where not h.anonymous) as rank
          from hits h
         where h.facet_1 <> '(other)'
         group by 1) g) g
 where place <= 2
), named_1 as (
-- rows with the value that they are shown by
select h.*, coalesce(t.value, '(other)') as shown_1, coalesce(t.place, 3) as place_1
  from hits h
  left join top_1 t on t.value = h.facet_1
)
select h.bucket,
       coalesce(nullif(h.shown_1, ''), '(none)') as "country",
       count(distinct h.user_key) filter (where not h.anonymous) as "Users",
       percentile_cont(0.5) within group (order by h.value_1) as "Typical length"
  from named_1 h
 group by h.bucket, h.shown_1, h.place_1
 order by h.place_1, h.bucket
