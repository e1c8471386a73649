with plans as (
  select user_id, plan, row_number() over (partition by user_id order by ts desc, seq desc) as place
    from wide.events
   where user_id is not null and plan is not null
), countries as (
  select distinct user_id, first_value(country) over (partition by user_id order by start desc, session_id desc) as country
    from (select user_id, session_id, min(ts) as start, min(country) as country
            from wide.events
           where user_id is not null
           group by user_id, session_id) sessions
)
select count(*)
  from plans
  join countries using (user_id)
 where place = 1 and plan = 'pro' and country = 'BR'
