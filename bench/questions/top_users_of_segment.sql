select user_id, count(*)
  from wide.events
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
   and user_id in (select user_id from wide.members)
 group by user_id
 order by 2 desc, user_id
 limit 20
