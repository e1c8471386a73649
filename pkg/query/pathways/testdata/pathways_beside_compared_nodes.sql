-- compared nodes
select concat_ws(' ', w.epoch, 'footfall.tokens'::regclass::oid, pg_relation_filenode('footfall.tokens'))
  from footfall.worker w;

select k.id, k.type::text, coalesce(coalesce(k.page_group, k.page), 0), coalesce(k.name, 0), k.frustration
  from footfall.tokens k
 where k.id > $1
-- $1 = 0;

select coalesce(s.country, 0)
  from (select d.id as country from footfall.dictionary d where d.kind = 'country' union all select null) s
 where s.country = any (array(select d.id from footfall.dictionary d where d.kind = 'country' and d.value = any ($1::text[])))
-- $1 = ["DE"];

select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z";

select coalesce(s.country, 0)
  from (select d.id as country from footfall.dictionary d where d.kind = 'country' union all select null) s
 where s.country = any (array(select d.id from footfall.dictionary d where d.kind = 'country' and d.value = any ($1::text[])))
-- $1 = ["BR"];

select t.user_key, t.session_key, t.start_ts, t.end_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
