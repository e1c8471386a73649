-- topPages
select concat_ws(' ', w.epoch, 'footfall.tokens'::regclass::oid, pg_relation_filenode('footfall.tokens'))
  from footfall.worker w;

select k.id, k.type::text, coalesce(coalesce(k.page_group, k.page), 0), coalesce(k.name, 0), k.frustration
  from footfall.tokens k
 where k.id > $1
-- $1 = 0;

select e.token, 0, -1::double precision, array[]::text[], count(*), coalesce((k.type = any (array['view']::footfall.event_type[]) and (k.page is not null)), false)
  from footfall.events e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on false
 where e.user_key = any (array(select k.key from footfall.user_keys k where k.id = any ($1::text[]) and k.kind = 'none')) and e.session_key = 0
   and e.ts >= $2 and e.ts < $3 and coalesce((k.type = any (array['view']::footfall.event_type[]) and (k.page is not null)), false)
 group by 1, 2, 3, 4, 6
-- $1 = ["event:0","event:1","event:2","event:3","event:4","event:5","event:6","event:7","event:8","event:9","event:10","event:11","event:12","event:13","event:14","event:15","event:16","event:17","event:18","event:19","event:20","event:21","event:22","event:23","event:24","event:25","event:26","event:27","event:28","event:29","event:30","event:31","event:32","event:33","event:34","event:35","event:36","e ...
-- $2 = "2026-03-01T00:00:00Z"
-- $3 = "2026-04-01T00:00:00Z";

select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts < $2 and t.end_ts >= $1
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
