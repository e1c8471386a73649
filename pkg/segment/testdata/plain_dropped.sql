with steps_1 as (
-- events that are a step, in event order
select *
  from (select e.user_key, e.session_key, e.ts,
               row_number() over (partition by e.user_key, e.session_key order by e.ts, e.seq nulls first, e.event_key) as place,
               (e.type = 'view'
   and '/cart' in (e.page, e.ungrouped_page)) as step_1,
               (e.action = 'buy') as step_2,
               ('/done' in (e.page, e.ungrouped_page)) as step_3
          from footfall.plain_events e
         where not e.anonymous
   and e.ts >= timestamptz '2026-01-30T09:30:00Z' and e.ts < timestamptz '2026-03-01T09:30:00Z') e
 where step_1 or step_2 or step_3
), reached_1 as (
-- step 1: type:view page:/cart
select a.user_key, a.session_key, a.ts as began, a.place
  from steps_1 a
 where a.step_1
), reached_2 as (
-- step 2: action:buy
select distinct b.user_key, b.session_key, a.began, b.place
  from reached_1 a
  join steps_1 b on b.user_key = a.user_key and b.session_key = a.session_key and b.place > a.place and b.ts <= a.began + interval '30 minutes'
 where b.step_2
), came_through_1 as (
-- users who came to the end
select distinct a.user_key
  from reached_2 a
 where a.began + interval '30 minutes' <= timestamptz '2026-03-01T09:30:00Z'
   and not exists (select from steps_1 x where x.user_key = a.user_key and x.session_key = a.session_key and x.place > a.place and x.ts <= a.began + interval '30 minutes' and (x.step_3))
)
select u.user_key, u.user_id
  from footfall.plain_users u
 where not u.anonymous
   and u.user_key in (select user_key from came_through_1)
