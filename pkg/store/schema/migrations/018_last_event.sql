-- The newest event that was nobody's when it came: no profile tells of it.
alter table footfall.worker add column last_event_of_nobody timestamptz;
update footfall.worker
   set last_event_of_nobody = greatest(
         (select max(s.end_ts)
            from footfall.users u
            join footfall.sessions s on s.user_key = u.key
           where u.kind = 'none'),
         (select max(e.ts)
            from footfall.users u
           cross join lateral (select ts from footfall.events where user_key = u.key order by ts desc limit 1) e
           where u.kind = 'none' and u.id not like 'session:%'));
