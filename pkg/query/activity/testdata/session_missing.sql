-- session
with s as (
select s.*
  from footfall.sessions s
  join footfall.users u on u.key = s.user_key
 where s.session_key = $1::bigint and s.session_id = $2
 order by u.kind, s.start_ts, s.user_key
 limit 1
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
  from s
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'
-- $1 = 2041579692510310765
-- $2 = "none"
-- events
with s as (
select s.*
  from footfall.sessions s
  join footfall.users u on u.key = s.user_key
 where s.session_key = $1::bigint and s.session_id = $2
 order by u.kind, s.start_ts, s.user_key
 limit 1
)
select e.ts, (extract(epoch from e.ts - s.start_ts) * 1000)::double precision, k.type::text, coalesce(k.page_group, k.page), e.path, case k.type when 'view' then e.view_name when 'action' then e.action_name when 'error' then e.error_type end, e.action_type, e.action_target, e.error_message, nullif(concat_ws(',',
       case when k.frustration & 1 <> 0 then 'rage_click' end, case when k.frustration & 2 <> 0 then 'dead_click' end,
       case when k.frustration & 4 <> 0 then 'error_click' end, case when k.frustration & 8 <> 0 then 'rage_tap' end,
       case when k.frustration & 16 <> 0 then 'error_tap' end), ''), e.duration, e.attributes::text
  from s
  join footfall.events e on e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
  join footfall.tokens k on k.id = e.token
 where true
 order by e.ts, e.seq nulls first, e.event_key
 limit $3
-- $1 = 2041579692510310765
-- $2 = "none"
-- $3 = 20001
