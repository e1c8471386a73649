with sessions as (
  select session_id
    from wide.events
   where user_id in (select user_id from wide.members)
   group by session_id
  having min(ts) >= timestamp '2026-03-02' and min(ts) < timestamp '2026-04-01'
), views as (
  select session_id, ts, seq, page, lag(page) over (partition by session_id order by ts, seq) as before
    from wide.events
   where type = 'view' and ts >= timestamp '2026-03-02' and session_id in (select session_id from sessions)
), nodes as (
  select session_id, page, row_number() over (partition by session_id order by ts, seq) as place
    from views
   where before is null or before <> page
), anchors as (
  select session_id, min(place) as anchor
    from nodes
   where page = '/cart'
   group by session_id
), steps as (
  select session_id, page, place - anchor + 1 as step,
         count(*) over (partition by session_id) as length
    from nodes
    join anchors using (session_id)
   where place >= anchor
), counted as (
  select step, page, count(*) as n, count(*) filter (where length = step) as ended,
         count(*) filter (where length > step) as going,
         row_number() over (partition by step order by count(*) desc, page) as place
    from steps
   where step <= 5
   group by step, page
), shown as (
  select step, case when place <= 10 then page else '(other)' end as name, sum(n) as value, sum(ended) as dropoff,
         sum(case when step = 5 then going else 0 end) as continues
    from counted
   group by step, case when place <= 10 then page else '(other)' end
)
select * from shown
union all
select step + 1, '(dropoff)', sum(dropoff), 0, 0
  from shown
 where step < 5
 group by step
