select count(*)
  from (select user_id
          from wide.events
         where type = 'view' and page = '/cart' and user_id is not null
         group by user_id
        having count(*) >= 3) users
