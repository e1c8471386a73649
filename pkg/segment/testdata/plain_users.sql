select u.user_key, u.user_id
  from footfall.plain_users u
 where ((footfall.folded(u.user_id) like footfall.folded('%o''neil%'::text) or footfall.folded(u.user_name) like footfall.folded('%o''neil%'::text) or footfall.folded(u.user_email) like footfall.folded('%o''neil%'::text))
   and u.first_seen >= timestamptz '2026-02-22T09:30:00.001Z')
