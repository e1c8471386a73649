-- explorer
select concat_ws(' ', w.epoch, 'footfall.tokens'::regclass::oid, pg_relation_filenode('footfall.tokens'))
  from footfall.worker w;

select k.id, k.type::text, coalesce(coalesce(k.page_group, k.page), 0), coalesce(k.name, 0), k.frustration
  from footfall.tokens k
 where k.id > $1
-- $1 = 0;

select e.token, width_bucket(e.ts, $2::timestamptz[]) - 1, -1::double precision, count(*), coalesce(u.id = $1, false)
  from footfall.events e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on false
  left join footfall.users u on false
 where e.user_key = any (array(select k.key from footfall.user_keys k where k.id = any ($3::text[]) and k.kind = 'none')) and e.session_key = 0
   and e.ts >= $4 and e.ts < $5 and coalesce(u.id = $1, false)
 group by 1, 2, 3, 5
-- $1 = "nobody"
-- $2 = ["2026-03-01T00:00:00Z","2026-03-01T01:00:00Z","2026-03-01T02:00:00Z","2026-03-01T03:00:00Z","2026-03-01T04:00:00Z","2026-03-01T05:00:00Z","2026-03-01T06:00:00Z","2026-03-01T07:00:00Z","2026-03-01T08:00:00Z","2026-03-01T09:00:00Z","2026-03-01T10:00:00Z","2026-03-01T11:00:00Z","2026-03-01T12:00:00Z","2026-03-01T13:00:00Z","2026-03-01T14:00:00Z","2026-03-01T15:00:00Z","2026-03-01T16:00:00Z","2026-03 ...
-- $3 = ["event:0","event:1","event:2","event:3","event:4","event:5","event:6","event:7","event:8","event:9","event:10","event:11","event:12","event:13","event:14","event:15","event:16","event:17","event:18","event:19","event:20","event:21","event:22","event:23","event:24","event:25","event:26","event:27","event:28","event:29","event:30","event:31","event:32","event:33","event:34","event:35","event:36","e ...
-- $4 = "2026-03-01T00:00:00Z"
-- $5 = "2026-04-01T00:00:00Z";

select p.user_key
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where u.id = $1
 union all
select 0
  from (select) nobody
  left join footfall.profiles p on false
  left join footfall.users u on false
 where u.id = $1
-- $1 = "nobody";

select t.user_key, t.session_key, t.start_ts, t.steps
  from footfall.tail t
 where t.start_ts < $2 and t.end_ts >= $1
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
