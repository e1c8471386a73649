with found as (
  select user_id, max(ts) as last_seen, max(user_name) as user_name, max(user_email) as user_email
    from wide.events
   where user_id is not null
   group by user_id
  having max(user_name) ilike '%lena%' or max(user_email) ilike '%lena%' or user_id ilike '%lena%'
)
select last_seen, count(*) over () as total
  from found
 order by last_seen desc
 limit 50
