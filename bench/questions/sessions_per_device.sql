with sessions as (
  select session_id, min(user_id) as user_id, min(device) as device, min(ts) as start,
         extract(epoch from max(ts) - min(ts)) * 1000 as duration
    from wide.events
   group by session_id
)
select device, count(*), count(distinct user_id), percentile_cont(0.5) within group (order by duration)
  from sessions
 where start >= timestamp '2026-03-02' and start < timestamp '2026-04-01'
 group by device
 order by 2 desc, device
 limit 10
