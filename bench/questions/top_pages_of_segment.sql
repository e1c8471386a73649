with views as (
  select page, session_id, user_id, ts, lead(ts) over (partition by session_id order by ts, seq) as next
    from wide.events
   where type = 'view' and user_id in (select user_id from wide.members)
)
select page, count(*), count(distinct session_id), count(distinct user_id),
       percentile_cont(0.5) within group (order by extract(epoch from next - ts) * 1000)
  from views
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
 group by page
 order by 2 desc, page
 limit 20
