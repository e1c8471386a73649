with sessions as (
  select session_id
    from wide.events
   group by session_id
  having min(user_id) is not null
), views as (
  select session_id, ts, seq, page, lag(page) over (partition by session_id order by ts, seq) as before
    from wide.events
   where type = 'view' and session_id in (select session_id from sessions)
), steps as (
  select session_id, page, row_number() over (partition by session_id order by ts, seq) as step,
         count(*) over (partition by session_id) as length
    from views
   where before is null or before <> page
), counted as (
  select step, page, count(*) as n, count(*) filter (where length = step) as ended,
         count(*) filter (where length > step) as going,
         row_number() over (partition by step order by count(*) desc, page) as place
    from steps
   where step <= 5
   group by step, page
), nodes as (
  select step, case when place <= 10 then page else '(other)' end as name, sum(n) as value, sum(ended) as dropoff,
         sum(case when step = 5 then going else 0 end) as continues
    from counted
   group by step, case when place <= 10 then page else '(other)' end
)
select * from nodes
union all
select step + 1, '(dropoff)', sum(dropoff), 0, 0
  from nodes
 where step < 5
 group by step
