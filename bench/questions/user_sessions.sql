select min(ts), extract(epoch from max(ts) - min(ts)) * 1000, count(*), count(*) filter (where type = 'view'), min(country)
  from wide.events
 where user_id = 'user-20'
 group by session_id
 order by 1 desc
 limit 100
