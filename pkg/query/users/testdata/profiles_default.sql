-- profiles
with page as (
select p.user_key, p.last_seen as sort_0
  from footfall.profiles p
 where not p.anonymous and true
 order by sort_0 desc, user_key
 limit $1 offset $2
)
select u.id, u.name, u.email, p.first_seen, p.last_seen, p.first_application, p.first_country, p.first_region, p.first_city, p.first_device_type, p.first_os_name, p.first_os_version, p.first_browser_name, p.first_browser_version, p.last_application, p.last_country, p.last_region, p.last_city, p.last_device_type, p.last_os_name, p.last_os_version, p.last_browser_name, p.last_browser_version, p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events
  from page
  join footfall.profiles p using (user_key)
  join footfall.users u on u.key = p.user_key
 order by sort_0 desc, user_key
-- $1 = 101
-- $2 = 0
