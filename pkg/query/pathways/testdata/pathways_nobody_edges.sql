-- edges
select k.id, k.type = 'action', d.value
  from footfall.tokens k
  join footfall.dictionary d on d.id = case k.type when 'view' then coalesce(k.page_group, k.page) when 'action' then k.name end;

select array_send(array_agg(u.key)) from footfall.users u where u.kind <> 'usr';

select s.user_key, s.session_key, s.start_ts, s.truncated, array_send(s.tokens), array_send(s.offsets)
  from footfall.sessions s
 where s.start_ts >= $2 and s.start_ts < $3
   and s.country = any (array(select d.id from footfall.dictionary d where d.kind = 'country' and d.value = any ($1::text[])))
-- $1 = ["FR"]
-- $2 = "2026-03-01T00:00:00Z"
-- $3 = "2026-04-01T00:00:00Z"
