select distinct country
  from wide.events
