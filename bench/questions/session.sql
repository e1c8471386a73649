select ts, type, page, case when type = 'action' then action when type = 'error' then error end
  from wide.events
 where session_id = 's1'
 order by ts, seq
