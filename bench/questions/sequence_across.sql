select count(distinct a.user_id)
  from wide.events a
  join wide.events b on b.user_id = a.user_id and (b.ts, b.seq) > (a.ts, a.seq)
 where a.type = 'view' and a.page = '/cart'
   and b.type = 'action' and b.action = 'CHECKOUT'
   and a.ts >= timestamp '2026-03-02' and a.ts < timestamp '2026-04-01'
   and b.ts >= timestamp '2026-03-02' and b.ts < timestamp '2026-04-01'
