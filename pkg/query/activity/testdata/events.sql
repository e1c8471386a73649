-- events
select count(*), min(end_ts)
  from (select s.end_ts
          from footfall.sessions s
         where s.end_ts >= $1::timestamptz and s.end_ts < $2::timestamptz
           and true
         order by s.end_ts desc
         limit $3::bigint) latest
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = 200;

with found as (
select e.user_key, e.ts, e.seq, e.event_key
  from footfall.sessions s
 cross join lateral (
       select *
         from footfall.events e
        where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
          and e.ts >= $1::timestamptz and e.ts < $2::timestamptz
       offset 0) e
 where s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and true
   and true
 union all
select e.user_key, e.ts, e.seq, e.event_key
  from footfall.events e
  left join footfall.sessions s on false
 where e.user_key = any (array(select k.key from footfall.user_keys k where k.id = any ($4::text[]) and k.kind = 'none')) and e.session_key = 0
   and e.ts >= $1::timestamptz and e.ts < $2::timestamptz and true
 order by ts desc, seq desc nulls last, event_key desc, user_key desc
 limit $3::bigint
)
select e.ts, k.type::text, coalesce(k.page_group, k.page), e.path, case k.type when 'view' then e.view_name when 'action' then e.action_name when 'error' then e.error_type end, e.action_type, e.action_target, e.error_message, nullif(concat_ws(',',
       case when k.frustration & 1 <> 0 then 'rage_click' end, case when k.frustration & 2 <> 0 then 'dead_click' end,
       case when k.frustration & 4 <> 0 then 'error_click' end, case when k.frustration & 8 <> 0 then 'rage_tap' end,
       case when k.frustration & 16 <> 0 then 'error_tap' end), ''), e.duration, u.id, u.name, s.session_id, s.application, s.country, s.device_type, e.attributes::text
  from found f
 cross join lateral (
       select *
         from footfall.events e
        where e.user_key = f.user_key and e.ts = f.ts and e.event_key = f.event_key
       offset 0) e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key
  left join footfall.users u on u.key = e.user_key and u.kind <> 'none'
 order by e.ts desc, e.seq desc nulls last, e.event_key desc, e.user_key desc
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = 501
-- $4 = ["event:0","event:1","event:2","event:3","event:4","event:5","event:6","event:7","event:8","event:9","event:10","event:11","event:12","event:13","event:14","event:15","event:16","event:17","event:18","event:19","event:20","event:21","event:22","event:23","event:24","event:25","event:26","event:27","event:28","event:29","event:30","event:31","event:32","event:33","event:34","event:35","event:36","e ...
