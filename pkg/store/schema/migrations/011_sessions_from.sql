-- Up to where retention has removed sessions, null where it never has. Later settings may keep more again, but not bring
-- these back: rebuilding leaves their events out, and profiles keep what they counted.
alter table footfall.worker add column sessions_from timestamptz;

update footfall.worker
   set sessions_from = coalesce(retained_at - (select session_retention from footfall.settings) - interval '1 day',
                                (select min(start_ts) from footfall.sessions))
 where retained_at is not null;
