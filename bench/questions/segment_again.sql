select count(distinct a.user_id)
  from wide.events a
 where a.type = 'view' and a.page = '/cart' and a.user_id is not null
   and not exists (
       select 1
         from wide.events b
        where b.session_id = a.session_id and b.type = 'action' and b.action = 'CHECKOUT' and (b.ts, b.seq) > (a.ts, a.seq))
