select count(distinct a.user_id)
  from wide.events a
 where a.type = 'view' and a.page = '/cart' and a.user_id is not null
   and not exists (
       select 1
         from wide.events c
         join wide.events b on b.user_id = c.user_id and (b.ts, b.seq) > (c.ts, c.seq)
        where c.user_id = a.user_id and c.type = 'view' and c.page = '/cart' and b.type = 'action' and b.action = 'CHECKOUT')
