-- explorer
select concat_ws(' ', w.epoch, 'footfall.tokens'::regclass::oid, pg_relation_filenode('footfall.tokens'))
  from footfall.worker w;

select k.id, k.type::text, coalesce(coalesce(k.page_group, k.page), 0), coalesce(k.name, 0), k.frustration
  from footfall.tokens k
 where k.id > $1
-- $1 = 0;

select e.token, width_bucket(e.ts, $2::timestamptz[]) - 1, -1::double precision, array[]::text[], count(*), coalesce(u.id = $1, false)
  from footfall.events e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on false
  left join footfall.users u on false
 where e.user_key = any (array(select k.key from footfall.user_keys k where k.id = any ($3::text[]) and k.kind = 'none')) and e.session_key = 0
   and e.ts >= $4 and e.ts < $5 and coalesce(u.id = $1, false)
 group by 1, 2, 3, 4, 6
-- $1 = "nobody"
-- $2 = ["2026-03-01T00:00:00Z","2026-03-01T01:00:00Z","2026-03-01T02:00:00Z","2026-03-01T03:00:00Z","2026-03-01T04:00:00Z","2026-03-01T05:00:00Z","2026-03-01T06:00:00Z","2026-03-01T07:00:00Z","2026-03-01T08:00:00Z","2026-03-01T09:00:00Z","2026-03-01T10:00:00Z","2026-03-01T11:00:00Z","2026-03-01T12:00:00Z","2026-03-01T13:00:00Z","2026-03-01T14:00:00Z","2026-03-01T15:00:00Z","2026-03-01T16:00:00Z","2026-03 ...
-- $3 = ["event:0","event:1","event:2","event:3","event:4","event:5","event:6","event:7","event:8","event:9","event:10","event:11","event:12","event:13","event:14","event:15","event:16","event:17","event:18","event:19","event:20","event:21","event:22","event:23","event:24","event:25","event:26","event:27","event:28","event:29","event:30","event:31","event:32","event:33","event:34","event:35","event:36","e ...
-- $4 = "2026-03-01T00:00:00Z"
-- $5 = "2026-04-01T00:00:00Z";

select p.user_key
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where u.id = $1
 union all
select 0
  from (select) nobody
  left join footfall.profiles p on false
  left join footfall.users u on false
 where u.id = $1
-- $1 = "nobody";

select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts < $2 and t.end_ts >= $1
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z";

-- The same in plain SQL, 2026-03-01 00:00:00 to 2026-04-01 00:00:00, over views of the store that docs/data-model.md explains:
with buckets as (
-- when each begins, in the query's time zone
select array(select generate_series(timestamptz '2026-03-01T00:00:00Z', timestamptz '2026-03-31T23:00:00Z', interval '60 minutes')
       order by 1) as starts
), hits as (
-- events of the range; facet_1: page
select b.starts[width_bucket(e.ts, b.starts)] as bucket,
       coalesce(e.page, '') as facet_1
  from footfall.plain_events e
  cross join buckets b
 where e.ts >= timestamptz '2026-03-01T00:00:00Z' and e.ts < timestamptz '2026-04-01T00:00:00Z'
   and e.user_id = 'nobody'
), top_1 as (
-- the first 10 values of page, by the first measure, then by value
select *
  from (select g.*, row_number() over (order by g.rank desc nulls last, g.value collate "C") as place
          from (select h.facet_1 as value, count(*) as rank
          from hits h
         group by 1) g) g
 where place <= 10
), named_1 as (
-- rows with the value that they are shown by
select h.*, t.value as shown_1, t.place as place_1
  from hits h
  join top_1 t on t.value = h.facet_1
)
select h.bucket,
       coalesce(nullif(h.shown_1, ''), '(none)') as "page",
       count(*) as "Events"
  from named_1 h
 group by h.bucket, h.shown_1, h.place_1
 order by h.place_1, h.bucket
