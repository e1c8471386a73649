-- profiles
with page as (
select p.user_key, ranked.rank as sort_0
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
  left join (select d.id, row_number() over (order by array_position($4::text[], d.value), d.value) as rank
               from footfall.dictionary d
              where d.kind = 'country') ranked on ranked.id = p.last_country
 where not p.anonymous and (u.search like footfall.folded($1::text) and ((p.last_country = any (array(select d.id from footfall.dictionary d where d.kind = 'country' and d.value = any ($2::text[])))) and p.last_seen >= $3))
 order by sort_0 nulls last, user_key
 limit $7 offset $8
)
select u.id, p.last_country, (case jsonb_typeof((p.attributes -> $5)) when 'number' then trim_scale((p.attributes -> $5)::numeric)::text else (p.attributes ->> $5) end), (case jsonb_typeof((p.attributes -> $6)) when 'number' then trim_scale((p.attributes -> $6)::numeric)::text else (p.attributes ->> $6) end), p.sessions
  from page
  join footfall.profiles p using (user_key)
  join footfall.users u on u.key = p.user_key
 order by sort_0 nulls last, user_key
-- $1 = "%U-%"
-- $2 = ["DE","US"]
-- $3 = "2026-03-02T00:00:00Z"
-- $4 = ["AF","AL","DZ","AS","AD","AO","AI","AQ","AG","AR","AM","AW","AC","AU","AT","AZ","BS","BH","BD","BB","BY","BE","BZ","BJ","BM","BT","BO","BA","BW","BV","BR","IO","VG","BN","BG","BF","BI","KH","CM","CA","IC","CV","BQ","KY","CF","EA","TD","CL","CN","CX","CP","CC","CO","KM","CG","CD","CK","CR","HR","CU","CW","CY","CZ","CI","DK","DG","DJ","DM","DO","EC","EG","SV","GQ","ER","EE","ET","FK","FO","FJ","FI" ...
-- $5 = "usr.plan"
-- $6 = "usr.price"
-- $7 = 3
-- $8 = 0;

select count(*)
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where not p.anonymous and (u.search like footfall.folded($1::text) and ((p.last_country = any (array(select d.id from footfall.dictionary d where d.kind = 'country' and d.value = any ($2::text[])))) and p.last_seen >= $3))
-- $1 = "%U-%"
-- $2 = ["DE","US"]
-- $3 = "2026-03-02T00:00:00Z"
