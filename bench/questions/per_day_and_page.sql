with top as (
  select page
    from wide.events
   where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01'
   group by page
   order by count(*) desc, page
   limit 10
)
select date_trunc('day', ts), page, count(*), count(distinct user_id)
  from wide.events
 where ts >= timestamp '2026-03-02' and ts < timestamp '2026-04-01' and page in (select page from top)
 group by 1, page
