-- explorer
select p.user_key, coalesce(true, false), case when jsonb_typeof((p.attributes -> $1)) = 'array'
       then coalesce(nullif(array(select distinct case jsonb_typeof(x) when 'number' then trim_scale(x::numeric)::text else x #>> '{}' end from jsonb_array_elements((p.attributes -> $1)) x where x <> 'null'), '{}'), array[null::text])
       else array[case jsonb_typeof((p.attributes -> $1)) when 'number' then trim_scale((p.attributes -> $1)::numeric)::text else (p.attributes ->> $1) end] end
  from footfall.profiles p
 where p.last_seen >= $2 and p.first_seen < $3
   and not p.anonymous and true
-- $1 = "usr.plan"
-- $2 = "2026-03-01T00:00:00Z"
-- $3 = "2026-04-01T00:00:00Z";

select t.user_key, t.session_key, t.start_ts, t.steps
  from footfall.tail t
 where t.start_ts >= $1 and t.start_ts < $2
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
