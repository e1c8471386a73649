-- topPages
select k.id, coalesce(k.page_group, k.page), coalesce(true, false), k.type = 'view' from footfall.tokens k where true and k.type = 'view'
   and k.id = any (array(select unnest(s.tokens) from footfall.sessions s where s.user_key = (select k.key from footfall.user_keys k where k.id = $1 and k.kind = 'usr')))
-- $1 = "u-1";

select s.user_key, s.start_ts, array_send(s.tokens), array_send(s.offsets), null::bytea
  from footfall.sessions s
 where s.start_ts < $2 and s.end_ts >= $1
   and (s.start_ts >= $1::timestamptz - interval '24 hours' or s.end_ts - s.start_ts > interval '1 day')
   and s.user_key = (select k.key from footfall.user_keys k where k.id = $3 and k.kind = 'usr')
   and s.country = any (array(select d.id from footfall.dictionary d where d.kind = 'country' and d.value = any ($4::text[])))
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = "u-1"
-- $4 = ["DE"]
