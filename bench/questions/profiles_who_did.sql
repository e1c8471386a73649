with users as (
  select user_id, max(ts) as last_seen, count(distinct session_id) as sessions
    from wide.events
   where user_id is not null
   group by user_id
), starts as (
  select user_id, session_id, min(ts) as start, min(country) as country
    from wide.events
   where user_id is not null
   group by user_id, session_id
), countries as (
  select user_id, country, row_number() over (partition by user_id order by start desc, session_id desc) as place
    from starts
)
select last_seen, count(*) over () as total
  from users
  join countries using (user_id)
 where place = 1 and country = 'BR'
   and user_id in (
       select user_id
         from wide.events
        where type = 'view' and page = '/cart' and ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01')
 order by last_seen desc
 limit 50
