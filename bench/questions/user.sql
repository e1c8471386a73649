with totals as (
  select user_id, count(distinct session_id) as sessions, count(*) filter (where type = 'view') as views,
         count(*) filter (where type = 'action') as actions, count(*) filter (where type = 'error') as errors,
         count(frustration) as frustrations, count(*) as events
    from wide.events
   where user_id is not null
   group by user_id
), listed as (
  select user_id, 'sessions' as total, sessions as value from totals
  union all
  select user_id, 'views', views from totals
  union all
  select user_id, 'actions', actions from totals
  union all
  select user_id, 'errors', errors from totals
  union all
  select user_id, 'frustrations', frustrations from totals
  union all
  select user_id, 'events', events from totals
)
select own.total, own.value, 100.0 * count(*) filter (where others.value <= own.value) / count(*) as percentile
  from listed own
  join listed others on others.total = own.total
 where own.user_id = 'user-20'
 group by own.total, own.value
