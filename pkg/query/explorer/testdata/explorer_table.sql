-- explorer
with rows as (
select coalesce(s.country, 0) as facet_1,
       e.token,
       case when not p.anonymous then p.user_key end as user_key,
       1 as weight,
       e.token in (select k.id from footfall.tokens k where k.type = any (array['view']::footfall.event_type[])) as matches_1,
       (case when e.session_key <> 0 and e.token in (select v.id from footfall.tokens v where v.type = 'view') then extract(epoch from (select n.ts
          from footfall.events n
         where n.user_key = e.user_key and n.session_key = e.session_key and n.ts >= e.ts
           and (n.ts, n.seq is not null, coalesce(n.seq, 0), n.event_key) > (e.ts, e.seq is not null, coalesce(e.seq, 0), e.event_key)
           and n.token in (select v.id from footfall.tokens v where v.type = 'view')
         order by n.ts, n.seq nulls first, n.event_key
         limit 1) - e.ts) * 1000 end)::double precision as value_0,
       case when length((e.attributes ->> $3)) <= 100 and (e.attributes ->> $3) ~ '^[-+]?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$' then (e.attributes ->> $3)::double precision end as value_1
  from footfall.events e
  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key
  left join footfall.profiles p on p.user_key = e.user_key
 where e.ts >= $1 and e.ts < $2
   and (
     e.ts >= coalesce((select w.sessions_from from footfall.worker w), '-infinity') or e.session_key = 0
     or exists (select from footfall.sessions r where r.user_key = e.user_key and r.session_key = e.session_key))
   and true
), cells as (
select facet_1,
       coalesce(coalesce(k.page_group, k.page), 0) as facet_2,
       user_key,
       weight as number_0,
       case when matches_1 then weight end as number_1,
       value_0,
       value_1
  from rows r
  join footfall.tokens k on k.id = r.token
), top_1 as (
select *
  from (select g.*, coalesce(d.value, '') as label,
               row_number() over (order by g.rank desc nulls last, coalesce(d.value, '') collate "C") as place_1,
               count(*) over () as number
          from (select c.facet_1 as value, (coalesce(sum(c.number_1), 0))::double precision as rank
                  from cells c
                 group by 1) g
          left join footfall.dictionary d on d.id = g.value) ranked
 where place_1 <= 10
), top_2 as (
select *
  from (select g.*, coalesce(d.value, '') as label,
               row_number() over (partition by g.place_1 order by g.rank desc nulls last, coalesce(d.value, '') collate "C") as place_2,
               count(*) over (partition by g.place_1 ) as number
          from (select top_1.place_1 as place_1, c.facet_2 as value, (coalesce(sum(c.number_1), 0))::double precision as rank
                  from cells c
  join top_1 on top_1.value = c.facet_1
                 group by 1, 2) g
          left join footfall.dictionary d on d.id = g.value) ranked
 where place_2 <= 1
), result as (
select top_1.place_1 as place_1,
       top_2.place_2 as place_2,
       (coalesce(sum(c.number_1), 0))::double precision as measure_0,
       (count(distinct c.user_key) filter (where c.number_0 > 0))::double precision as measure_1,
       (avg(c.value_0) filter (where c.number_0 > 0))::double precision as measure_2,
       (sum(c.value_1) filter (where c.number_0 > 0))::double precision as measure_3
  from cells c
  join top_1 on top_1.value = c.facet_1
  join top_2 on top_2.value = c.facet_2 and top_2.place_1 = top_1.place_1
 group by 1, 2
)
select r.place_1, top_1.label, top_1.number, r.place_2, top_2.label, top_2.number, r.measure_0, r.measure_1, r.measure_2, r.measure_3
  from result r
  left join top_1 on top_1.place_1 = r.place_1
  left join top_2 on top_2.place_1 = r.place_1 and top_2.place_2 = r.place_2
 order by r.place_1, r.place_2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = "price";

-- The same in plain SQL, 2026-03-01 00:00:00 to 2026-04-01 00:00:00, over views of the store that docs/data-model.md explains:
with hits as (
-- events of the range; facet_1: country; facet_2: page; value_1: time_on_page; value_2: attributes.price; matches_1: type:view
select e.user_key,
       e.anonymous,
       e.session_key,
       coalesce(e.country, '') as facet_1,
       coalesce(e.page, '') as facet_2,
       (e.type = 'view') as matches_1,
       e.time_on_page::double precision as value_1,
       footfall.number((e.attributes ->> 'price'))::double precision as value_2
  from footfall.plain_events e
 where e.ts >= timestamptz '2026-03-01T00:00:00Z' and e.ts < timestamptz '2026-04-01T00:00:00Z'
), top_1 as (
-- the first 10 values of country, by the first measure, then by value
select *
  from (select g.*, row_number() over (order by g.rank desc nulls last, g.value collate "C") as place
          from (select h.facet_1 as value, count(*) filter (where h.matches_1) as rank
          from hits h
         group by 1) g) g
 where place <= 10
), named_1 as (
-- rows with the value that they are shown by
select h.*, t.value as shown_1, t.place as place_1
  from hits h
  join top_1 t on t.value = h.facet_1
), top_2 as (
-- the first 1 values of page, by the first measure, then by value
select *
  from (select g.*, row_number() over (partition by g.place_1 order by g.rank desc nulls last, g.value collate "C") as place
          from (select h.place_1, h.facet_2 as value, count(*) filter (where h.matches_1) as rank
          from named_1 h
         group by 1, 2) g) g
 where place <= 1
), named_2 as (
-- rows with the value that they are shown by
select h.*, t.value as shown_2, t.place as place_2
  from named_1 h
  join top_2 t on t.value = h.facet_2 and t.place_1 = h.place_1
)
select coalesce(nullif(h.shown_1, ''), '(none)') as "country",
       coalesce(nullif(h.shown_2, ''), '(none)') as "page",
       count(*) filter (where h.matches_1) as "Events",
       count(distinct h.user_key) filter (where not h.anonymous) as "Users",
       avg(h.value_1) as "Average of time on page",
       sum(h.value_2) as "Sum of price"
  from named_2 h
 group by h.shown_1, h.place_1, h.shown_2, h.place_2
 order by h.place_1, h.place_2
