with plans as (
  select user_id, plan, row_number() over (partition by user_id order by ts desc, seq desc) as place
    from wide.events
   where user_id is not null and plan is not null
)
select user_id, count(*)
  from wide.events
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
   and user_id in (select user_id from plans where place = 1 and plan = 'pro')
 group by user_id
 order by 2 desc, user_id
 limit 20
