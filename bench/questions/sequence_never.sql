with places as (
  select user_id, type, row_number() over (partition by user_id order by ts, seq) as place
    from wide.events
   where user_id is not null and (type = 'view' and page = '/cart' or type = 'action' and action = 'CHECKOUT')
)
select count(*)
  from (select user_id
          from places
         group by user_id
        having min(case when type = 'view' then place end) > coalesce(max(case when type = 'action' then place end), 0)) never
