select ts
  from wide.events
 where frustration is not null or type = 'error'
 order by ts desc, seq desc
 limit 50
