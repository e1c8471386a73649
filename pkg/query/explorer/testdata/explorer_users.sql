-- explorer
select p.user_key, coalesce(true, false), case when jsonb_typeof((p.attributes -> $1)) = 'array'
       then coalesce(nullif(array(select distinct case jsonb_typeof(x) when 'number' then trim_scale(x::numeric)::text else x #>> '{}' end from jsonb_array_elements((p.attributes -> $1)) x where x <> 'null'), '{}'), array[null::text])
       else array[case jsonb_typeof((p.attributes -> $1)) when 'number' then trim_scale((p.attributes -> $1)::numeric)::text else (p.attributes ->> $1) end] end
  from footfall.profiles p
 where p.last_seen >= $2 and p.first_seen < $3
   and not p.anonymous and true
-- $1 = "usr.plan"
-- $2 = "2026-03-01T00:00:00Z"
-- $3 = "2026-04-01T00:00:00Z";

select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z";

-- The same in plain SQL, 2026-03-01 00:00:00 to 2026-04-01 00:00:00, over views of the store that docs/data-model.md explains:
with active as (
-- sessions that start in the range
select s.user_key, count(*) as sessions
  from footfall.plain_sessions s
 where s.session_start >= timestamptz '2026-03-01T00:00:00Z' and s.session_start < timestamptz '2026-04-01T00:00:00Z'
 group by s.user_key
), hits as (
-- users with a session that starts in the range; facet_1: usr.plan
select a.sessions,
       u.user_key,
       footfall.texts((u.attributes -> 'usr.plan')) as facet_1
  from active a
  join footfall.plain_users u on u.user_key = a.user_key
 where not u.anonymous
), top_1 as (
-- the first 10 values of usr.plan, by the first measure, then by value
select *
  from (select g.*, row_number() over (order by g.rank desc nulls last, g.value collate "C") as place
          from (select coalesce(each.value, '') as value, count(distinct h.user_key) as rank
          from hits h
          left join unnest(h.facet_1) each (value) on true
         group by 1) g) g
 where place <= 10
), named_1 as (
-- rows with the value that they are shown by
select h.*, t.value as shown_1, t.place as place_1
  from hits h
  left join unnest(h.facet_1) each (value) on true
  join top_1 t on t.value = coalesce(each.value, '')
)
select coalesce(nullif(h.shown_1, ''), '(none)') as "usr.plan",
       count(distinct h.user_key) as "Users"
  from named_1 h
 group by h.shown_1, h.place_1
 order by h.place_1
