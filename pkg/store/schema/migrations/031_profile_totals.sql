-- How many users have each number of sessions, views and so on: how one user compares with all is told by these few rows, where
-- counting took as long as there are profiles. Visitors without a usr.id are not counted. The worker keeps it.
create table footfall.profile_totals (
  total text not null,    -- sessions, views, actions, errors, frustrations or events, as the columns of profiles
  value bigint not null,
  users bigint not null,  -- more than 0
  primary key (total, value)
) with (fillfactor = 50); -- each batch changes many rows, in their pages

-- A batch of the version before writes profiles and does not count them: one that is under way is waited for, and those after it
-- find the new version and end.
select pg_advisory_xact_lock(1718579060);  -- store.WorkerLock

insert into footfall.profile_totals (total, value, users)
select t.total, t.value, count(*)
  from footfall.profiles p
 cross join lateral (values ('sessions', p.sessions::bigint), ('views', p.views), ('actions', p.actions), ('errors', p.errors),
                            ('frustrations', p.frustrations), ('events', p.events)) t (total, value)
 where not p.anonymous
 group by t.total, t.value;
