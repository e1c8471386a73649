select release, count(*), count(distinct user_id)
  from wide.events
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
 group by release
 order by 2 desc, release
 limit 10
