-- sessions
with page as (
select s.user_key, s.session_key, s.start_ts as sort
  from footfall.sessions s
  left join footfall.profiles p on p.user_key = s.user_key
 where s.start_ts >= $1 and s.start_ts < $2
   and p.anonymous = false
   and true
 order by sort desc, s.user_key, s.session_key
 limit $3 offset $4
)
select s.start_ts, (extract(epoch from s.end_ts - s.start_ts) * 1000)::double precision, u.id, u.name, u.kind::text, s.application, s.device_type, s.os_name, s.browser_name, s.country, s.city, s.events, s.views, s.actions, s.errors, s.frustrations, (
       select coalesce((select k.page_group from footfall.tokens k where k.page = viewed.page and k.page_group is not null limit 1),
                       viewed.page)
         from (select case when s.truncated then (
       select k.page
         from footfall.events e
         join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
        where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
        order by e.ts, e.seq nulls first, e.event_key
        limit 1) else s.pages[1] end as page) viewed), (
       select coalesce((select k.page_group from footfall.tokens k where k.page = viewed.page and k.page_group is not null limit 1),
                       viewed.page)
         from (select case when s.truncated then (
       select k.page
         from footfall.events e
         join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
        where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
        order by e.ts desc, e.seq desc nulls last, e.event_key desc
        limit 1) else s.pages[cardinality(s.pages)] end as page) viewed), s.session_id
  from page
  join footfall.sessions s using (user_key, session_key)
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'
 order by sort desc, s.user_key, s.session_key
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = 101
-- $4 = 0
