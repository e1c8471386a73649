-- profile
select u.id, u.name, u.email, p.first_seen, p.last_seen, p.first_application, p.first_country, p.first_region, p.first_city, p.first_device_type, p.first_os_name, p.first_os_version, p.first_browser_name, p.first_browser_version, p.last_application, p.last_country, p.last_region, p.last_city, p.last_device_type, p.last_os_name, p.last_os_version, p.last_browser_name, p.last_browser_version, p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events, (select percentile_cont(0.5) within group (order by extract(epoch from s.end_ts - s.start_ts)::double precision * 1000)
          from footfall.sessions s
         where s.user_key = p.user_key)
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
 where p.user_key = (select k.key from footfall.user_keys k where k.id = $1 and k.kind = 'usr')
-- $1 = "u-1";

select a.key, a.value #>> '{}'
  from footfall.profiles p, jsonb_each(p.attributes) a
 where p.user_key = (select k.key from footfall.user_keys k where k.id = $1 and k.kind = 'usr')
 order by a.key collate "C"
-- $1 = "u-1"
-- totals
with own as (
select p.user_key, p.anonymous, p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events
  from footfall.profiles p
 where p.user_key = (select k.key from footfall.user_keys k where k.id = $1 and k.kind = 'usr')
), counted as (
select total, value, users from footfall.profile_totals
 union all
select o.total, o.value, 1 from own cross join lateral (values ('sessions', own.sessions), ('views', own.views), ('actions', own.actions), ('errors', own.errors),
                            ('frustrations', own.frustrations), ('events', own.events)) o (total, value) where own.anonymous
), ranked as (
select total, value, sum(users) over (partition by total order by value) as upto, sum(users) over (partition by total) as everybody
  from counted
)
select o.total, o.value,
       (max(r.upto) filter (where r.value <= o.value) * 100.0 / max(r.everybody))::double precision,
       ((min(r.value) filter (where r.upto * 2 >= r.everybody) + min(r.value) filter (where r.upto * 2 > r.everybody)) / 2.0)::double precision
  from own
 cross join lateral (values ('sessions', own.sessions), ('views', own.views), ('actions', own.actions), ('errors', own.errors),
                            ('frustrations', own.frustrations), ('events', own.events)) o (total, value)
  join ranked r on r.total = o.total
 group by o.total, o.value
-- $1 = "u-1"
-- segments
select s.id, s.name, s.kind::text, m.since
  from footfall.segment_members m
  join footfall.segments s on s.key = m.segment_key
 where m.user_key = (select k.key from footfall.user_keys k where k.id = $1 and k.kind = 'usr')
 order by lower(s.name), s.id
-- $1 = "u-1"
-- days
select ($2::timestamptz[])[width_bucket(s.start_ts, $2::timestamptz[])] as day,
       count(*), sum(s.events)::bigint, sum(s.errors)::bigint, sum(s.frustrations)::bigint
  from footfall.sessions s
 where s.user_key = (select k.key from footfall.user_keys k where k.id = $1 and k.kind = 'usr') and s.start_ts >= $3::timestamptz and s.start_ts < $4::timestamptz
 group by day
 order by day
-- $1 = "u-1"
-- $2 = ["2025-10-02T00:00:00Z","2025-10-03T00:00:00Z","2025-10-04T00:00:00Z","2025-10-05T00:00:00Z","2025-10-06T00:00:00Z","2025-10-07T00:00:00Z","2025-10-08T00:00:00Z","2025-10-09T00:00:00Z","2025-10-10T00:00:00Z","2025-10-11T00:00:00Z","2025-10-12T00:00:00Z","2025-10-13T00:00:00Z","2025-10-14T00:00:00Z","2025-10-15T00:00:00Z","2025-10-16T00:00:00Z","2025-10-17T00:00:00Z","2025-10-18T00:00:00Z","2025-10 ...
-- $3 = "2025-10-02T00:00:00Z"
-- $4 = "2026-04-02T00:00:00Z"
