with latest as (
  select user_id, max(ts) as last_seen, min(ts) as first_seen, count(distinct session_id) as sessions, count(*) as events
    from wide.events
   where user_id is not null
   group by user_id
   order by last_seen desc
   limit 50
), named as (
  select user_id, user_name, user_email, country, plan, row_number() over (partition by user_id order by ts desc, seq desc) as place
    from wide.events
   where user_id in (select user_id from latest)
)
select last_seen, user_id, user_name, user_email, first_seen, sessions, events, country, plan
  from latest
  join named using (user_id)
 where place = 1
