-- values
with used as (
select value as id, count(*) as n
  from (select distinct recent.n, coalesce(k.page_group, k.page) as value
          from (select s.tokens, row_number() over () as n,
                       sum(cardinality(s.tokens)) over (rows between unbounded preceding and 1 preceding) as before
                  from (select s.tokens from footfall.sessions s order by s.start_ts desc limit 5000) s) recent
         cross join lateral unnest(recent.tokens) e (token)
          join footfall.tokens k on k.id = e.token
         where coalesce(recent.before, 0) < 100000) latest
 group by value
), often as materialized (
select d.id, d.value, used.n
  from used
  join footfall.dictionary d using (id)
 where lower(d.value) like lower($2::text)
   and (not exists (select from footfall.tokens k where k.page = d.id and k.page_group is not null)
        or exists (select from footfall.page_groups g where g.page = d.id))
 order by case when lower(d.value) like lower($3::text) then 1 when lower(d.value) like lower($1::text) then 2 else 3 end, used.n desc, lower(left(d.value, 100)) collate "C", d.value collate "C"
 limit $4
), others as (
select d.id, d.value, null::bigint as n
  from footfall.dictionary d
 where d.kind = 'page' and lower(left(d.value, 100)) collate "C" like lower($1::text) and lower(d.value) like lower($1::text)
   and (not exists (select from footfall.tokens k where k.page = d.id and k.page_group is not null)
        or exists (select from footfall.page_groups g where g.page = d.id)) and not exists (select from often where often.id = d.id)
 order by lower(left(d.value, 100)) collate "C", d.value collate "C"
 limit $4
)
select d.value, d.value, d.n
  from (select * from often union all select * from others) d
 order by case when lower(d.value) like lower($3::text) then 1 when lower(d.value) like lower($1::text) then 2 else 3 end, d.n desc nulls last, lower(left(d.value, 100)) collate "C", d.value collate "C"
 limit $4
-- $1 = "/C%"
-- $2 = "%/C%"
-- $3 = "/C"
-- $4 = 11
