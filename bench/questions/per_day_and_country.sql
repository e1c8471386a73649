with top as (
  select country
    from wide.events
   group by country
   order by count(*) desc, country
   limit 10
)
select date_trunc('day', ts), country, count(*), count(distinct user_id)
  from wide.events
 where country in (select country from top)
 group by 1, country
