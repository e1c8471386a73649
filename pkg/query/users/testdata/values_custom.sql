-- values
select value, value, count(*)
  from (select unnest(recent.value) as value
          from (select case when jsonb_typeof((p.attributes -> $1)) = 'array'
       then coalesce(nullif(array(select distinct case jsonb_typeof(x) when 'number' then trim_scale(x::numeric)::text else x #>> '{}' end from jsonb_array_elements((p.attributes -> $1)) x where x <> 'null'), '{}'), array[null::text])
       else array[case jsonb_typeof((p.attributes -> $1)) when 'number' then trim_scale((p.attributes -> $1)::numeric)::text else (p.attributes ->> $1) end] end as value
                  from footfall.profiles p
                 where not p.anonymous
                 order by p.last_seen desc, p.user_key
                 limit 10000) recent) latest
 where footfall.folded(value) like footfall.folded($2::text)
 group by value
 order by count(*) desc, value collate "C"
 limit $3
-- $1 = "usr.plan"
-- $2 = "%"
-- $3 = 11
