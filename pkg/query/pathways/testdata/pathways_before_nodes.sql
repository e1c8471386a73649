-- nodes
select k.id, k.type = 'action', d.value
  from footfall.tokens k
  join footfall.dictionary d on d.id = case k.type when 'view' then coalesce(k.page_group, k.page) when 'action' then k.name end;

select array_send(array_agg(u.key)) from footfall.users u where u.kind <> 'usr';

select s.user_key, s.session_key, s.start_ts, s.truncated, array_send(s.tokens), array_send(s.offsets)
  from footfall.sessions s
 where s.start_ts >= $1 and s.start_ts < $2
   and true
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
