select date_trunc('day', ts), avg(price)
  from wide.events
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01' and price is not null
 group by 1
