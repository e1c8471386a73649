-- annotations
select p.first_seen, u.id, u.name, p.first_application, p.first_device_type, p.first_country
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where not p.anonymous and p.first_seen >= $1 and p.first_seen < $2
   and true
 order by p.first_seen desc, p.user_key desc
 limit $3
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = 11
