-- values
with used as (
select value as id, count(*) as n
  from (select recent.value
          from (select s.country as value
                  from footfall.sessions s
                 order by s.start_ts desc
                 limit 10000) recent) latest
 group by value
), often as materialized (
select d.id, d.value, used.n
  from used
  join footfall.dictionary d using (id)
 where (d.value = any ($1::text[]) or d.value ilike $2::text)
 order by used.n desc, array_position($1::text[], d.value), d.value
 limit $3
), others as (
select d.id, d.value, null::bigint as n
  from footfall.dictionary d
 where d.kind = 'country' and (d.value = any ($1::text[]) or d.value ilike $2::text) and not exists (select from often where often.id = d.id)
 order by array_position($1::text[], d.value), d.value
 limit $3
)
select d.value, d.value, d.n
  from (select * from often union all select * from others) d
 order by d.n desc nulls last, array_position($1::text[], d.value), d.value
 limit $3
-- $1 = ["AF","AL","DZ","AS","AD","AO","AI","AQ","AG","AR","AM","AW","AC","AU","AT","AZ","BS","BH","BD","BB","BY","BE","BZ","BJ","BM","BT","BO","BA","BW","BV","BR","IO","VG","BN","BG","BF","BI","KH","CM","CA","IC","CV","BQ","KY","CF","EA","TD","CL","CN","CX","CP","CC","CO","KM","CG","CD","CK","CR","HR","CU","CW","CY","CZ","CI","DK","DG","DJ","DM","DO","EC","EG","SV","GQ","ER","EE","ET","FK","FO","FJ","FI" ...
-- $2 = "%"
-- $3 = 3
