with did_1 as (
-- page:/cart price:>=100
select e.user_key
  from footfall.plain_events e
 where not e.anonymous
   and e.ts >= timestamptz '2026-02-01T00:00:00Z'
   and ('/cart' in (e.page, e.ungrouped_page)
   and footfall.number((e.attributes ->> 'price')) >= 100)
 group by e.user_key
having count(*) >= 3
), matched as (
select u.user_key, lower(btrim(u.user_email)) as shared
  from footfall.plain_users u
 where not u.anonymous
   and ((u.last_country = 'BR'
   and ((u.attributes -> 'usr.plan') @> any (array['"pro"', '"team"']::text[]::jsonb[])))
   and (exists (select from footfall.segment_members m where m.user_key = u.user_key and m.segment_key = any (array[5]::integer[])) /* premium */) is not true
   and u.user_key in (select user_key from did_1))
)
select u.user_key, u.user_id
  from footfall.plain_users u
 where not u.anonymous
   and (u.user_key in (select user_key from matched) or lower(btrim(u.user_email)) in (select shared from matched))
