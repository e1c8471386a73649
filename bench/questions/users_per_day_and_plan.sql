with plans as (
  select user_id, plan, row_number() over (partition by user_id order by ts desc, seq desc) as place
    from wide.events
   where user_id is not null and plan is not null
), sessions as (
  select session_id, min(user_id) as user_id, min(ts) as start
    from wide.events
   where user_id is not null
   group by session_id
)
select date_trunc('day', start), coalesce(plan, '(none)'), count(distinct sessions.user_id)
  from sessions
  left join plans on plans.user_id = sessions.user_id and place = 1
 where start >= timestamp '2026-03-02' and start < timestamp '2026-04-01'
 group by 1, 2
