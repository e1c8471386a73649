select page, count(*), percentile_cont(0.95) within group (order by duration)
  from wide.events
 where type = 'view' and ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
 group by page
 order by 2 desc, page
 limit 10
