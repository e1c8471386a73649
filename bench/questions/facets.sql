with sessions as (
  select user_id, session_id, min(ts) as start, min(country) as country, min(device) as device
    from wide.events
   where user_id is not null
   group by user_id, session_id
), latest as (
  select user_id, country, device, row_number() over (partition by user_id order by start desc, session_id desc) as place
    from sessions
), plans as (
  select user_id, plan, row_number() over (partition by user_id order by ts desc, seq desc) as place
    from wide.events
   where user_id is not null and plan is not null
), users as (
  select latest.user_id, country, device, plan
    from latest
    left join plans on plans.user_id = latest.user_id and plans.place = 1
   where latest.place = 1
), facets as (
  select 'last_country' as facet, country as value, count(*) as n from users group by country
  union all
  select 'last_device_type', device, count(*) from users group by device
  union all
  select 'usr.plan', plan, count(*) from users group by plan
), ranked as (
  select facet, value, n, row_number() over (partition by facet order by n desc, value) as place
    from facets
)
select facet, value, n
  from ranked
 where place <= 5
