-- profiles
with page as (
select p.user_key, p.last_seen as sort_0
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where not p.anonymous and (footfall.folded(u.id) like footfall.folded($1::text) or footfall.folded(u.name) like footfall.folded($1::text) or footfall.folded(u.email) like footfall.folded($1::text))
 order by sort_0 desc, user_key
 limit $2 offset $3
)
select u.id, p.last_seen, p.last_country, p.views
  from page
  join footfall.profiles p using (user_key)
  join footfall.users u on u.key = p.user_key
 order by sort_0 desc, user_key
-- $1 = "%nobody%"
-- $2 = 11
-- $3 = 0
