select page, count(*), count(distinct user_id), count(distinct session_id)
  from wide.events
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
 group by page
 order by 2 desc, page
 limit 10
