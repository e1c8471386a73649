-- Events, sessions and users as people name them, for SQL that people write and read; docs/data-model.md shows some. No question
-- of Footfall's own reads them. They have the rights of whoever asks. A text that a statement leaves out costs nothing: PostgreSQL
-- drops a left join by a primary key, and a subquery, of which no column is wanted.

-- The number that a text is, null where it is none: event.Number.
create function footfall.number(value text) returns numeric language sql immutable parallel safe as $$
  select case when length(value) <= 100 and value ~ '^[-+]?((0|[1-9][0-9]*)(\.[0-9]+)?|\.[0-9]+)([eE][-+]?[0-9]{1,2})?$' then value::numeric end
$$;

-- The texts that an attribute's value is shown as: one, or of a list those of its elements, each once; {null} where there is none.
-- Numbers are equal texts if they are equal, but for exact ones: of versions 1.1 is not 1.10.
create function footfall.texts(value jsonb, exact boolean default false) returns text[] language sql immutable parallel safe as $$
  select coalesce(nullif(array(
    select distinct case when jsonb_typeof(x) = 'number' and not exact then trim_scale(x::numeric)::text else x #>> '{}' end
      from jsonb_array_elements(case jsonb_typeof(value) when 'array' then value else jsonb_build_array(value) end) x
     where x <> 'null'), '{}'), array[null::text])
$$;

create view footfall.plain_users with (security_invoker = true) as
select u.key as user_key, p.anonymous, u.id as user_id, u.name as user_name, u.email as user_email, p.first_seen, p.last_seen,
       p.sessions, p.views, p.actions, p.errors, p.frustrations, p.events,
       fa.value as first_application, fc.value as first_country, fr.value as first_region, fi.value as first_city,
       fd.value as first_device_type, fo.value as first_os_name, fp.value as first_os_version,
       fb.value as first_browser_name, fv.value as first_browser_version,
       la.value as last_application, lc.value as last_country, lr.value as last_region, li.value as last_city,
       ld.value as last_device_type, lo.value as last_os_name, lp.value as last_os_version,
       lb.value as last_browser_name, lv.value as last_browser_version,
       p.attributes
  from footfall.profiles p
  join footfall.users u on u.key = p.user_key
  left join footfall.dictionary fa on fa.id = p.first_application
  left join footfall.dictionary fc on fc.id = p.first_country
  left join footfall.dictionary fr on fr.id = p.first_region
  left join footfall.dictionary fi on fi.id = p.first_city
  left join footfall.dictionary fd on fd.id = p.first_device_type
  left join footfall.dictionary fo on fo.id = p.first_os_name
  left join footfall.dictionary fp on fp.id = p.first_os_version
  left join footfall.dictionary fb on fb.id = p.first_browser_name
  left join footfall.dictionary fv on fv.id = p.first_browser_version
  left join footfall.dictionary la on la.id = p.last_application
  left join footfall.dictionary lc on lc.id = p.last_country
  left join footfall.dictionary lr on lr.id = p.last_region
  left join footfall.dictionary li on li.id = p.last_city
  left join footfall.dictionary ld on ld.id = p.last_device_type
  left join footfall.dictionary lo on lo.id = p.last_os_name
  left join footfall.dictionary lp on lp.id = p.last_os_version
  left join footfall.dictionary lb on lb.id = p.last_browser_name
  left join footfall.dictionary lv on lv.id = p.last_browser_version;

create view footfall.plain_sessions with (security_invoker = true) as
select s.user_key, s.session_key, u.id as user_id, u.name as user_name, u.email as user_email, u.kind = 'anonymous' as anonymous,
       s.session_id, s.start_ts as session_start, s.end_ts as session_end,
       extract(epoch from s.end_ts - s.start_ts) * 1000 as session_duration,
       s.events as session_events, s.views as session_views, s.actions as session_actions, s.errors as session_errors,
       s.frustrations as session_frustrations,
       a.value as application, c.value as country, r.value as region, i.value as city, d.value as device_type,
       o.value as os_name, ov.value as os_version, b.value as browser_name, bv.value as browser_version,
       (select x.value
          from footfall.events e
          join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
          join footfall.dictionary x on x.id = coalesce(k.page_group, k.page)
         where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
         order by e.ts, e.seq nulls first, e.event_key
         limit 1) as entry_page,
       (select x.value
          from footfall.events e
          join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
          join footfall.dictionary x on x.id = coalesce(k.page_group, k.page)
         where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
         order by e.ts desc, e.seq desc nulls last, e.event_key desc
         limit 1) as exit_page,
       (select x.value
          from footfall.events e
          join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
          join footfall.dictionary x on x.id = k.page
         where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
         order by e.ts, e.seq nulls first, e.event_key
         limit 1) as ungrouped_entry_page,
       (select x.value
          from footfall.events e
          join footfall.tokens k on k.id = e.token and k.type = 'view' and k.page is not null
          join footfall.dictionary x on x.id = k.page
         where e.user_key = s.user_key and e.session_key = s.session_key and e.ts between s.start_ts and s.end_ts
         order by e.ts desc, e.seq desc nulls last, e.event_key desc
         limit 1) as ungrouped_exit_page
  from footfall.sessions s
  left join footfall.users u on u.key = s.user_key and u.kind <> 'none'
  left join footfall.dictionary a on a.id = s.application
  left join footfall.dictionary c on c.id = s.country
  left join footfall.dictionary r on r.id = s.region
  left join footfall.dictionary i on i.id = s.city
  left join footfall.dictionary d on d.id = s.device_type
  left join footfall.dictionary o on o.id = s.os_name
  left join footfall.dictionary ov on ov.id = s.os_version
  left join footfall.dictionary b on b.id = s.browser_name
  left join footfall.dictionary bv on bv.id = s.browser_version;

-- Events that count: those of a session that retention has removed, and that are still there, do not. What an event says of its
-- application, place and device is its session's, as everywhere. In the order of ts, seq nulls first, event_key they are in
-- event order.
create view footfall.plain_events with (security_invoker = true) as
select e.ts, k.type::text as type, u.id as user_id, u.name as user_name, u.email as user_email, u.kind = 'anonymous' as anonymous,
       s.session_id, s.start_ts as session_start,
       a.value as application, c.value as country, r.value as region, i.value as city, d.value as device_type,
       o.value as os_name, ov.value as os_version, b.value as browser_name, bv.value as browser_version,
       page.value as page, own.value as ungrouped_page, coalesce(e.path, own.value) as path, view_name.value as view_name,
       case when k.type = 'action' then name.value end as action, action_type.value as action_type, target.value as action_target,
       case when k.type = 'error' then name.value end as error, e.error_message,
       case when k.frustration <> 0 then array_remove(array[
         case when k.frustration & 1 <> 0 then 'rage_click' end, case when k.frustration & 2 <> 0 then 'dead_click' end,
         case when k.frustration & 4 <> 0 then 'error_click' end, case when k.frustration & 8 <> 0 then 'rage_tap' end,
         case when k.frustration & 16 <> 0 then 'error_tap' end], null) end as frustration,
       e.duration,
       -- ms from a view to the session's next one
       case when k.type = 'view' and s.session_key is not null then extract(epoch from (
         select n.ts
           from footfall.events n
           join footfall.tokens v on v.id = n.token and v.type = 'view'
          where n.user_key = e.user_key and n.session_key = e.session_key and n.ts >= e.ts
            and (n.ts, n.seq is not null, coalesce(n.seq, 0), n.event_key) > (e.ts, e.seq is not null, coalesce(e.seq, 0), e.event_key)
          order by n.ts, n.seq nulls first, n.event_key
          limit 1) - e.ts) * 1000 end as time_on_page,
       e.attributes, e.user_key, s.session_key, e.seq, e.event_key
  from footfall.events e
  join footfall.tokens k on k.id = e.token
  left join footfall.sessions s on s.user_key = e.user_key and s.session_key = e.session_key and e.ts between s.start_ts and s.end_ts
  left join footfall.users u on u.key = e.user_key and u.kind <> 'none'
  left join footfall.dictionary a on a.id = s.application
  left join footfall.dictionary c on c.id = s.country
  left join footfall.dictionary r on r.id = s.region
  left join footfall.dictionary i on i.id = s.city
  left join footfall.dictionary d on d.id = s.device_type
  left join footfall.dictionary o on o.id = s.os_name
  left join footfall.dictionary ov on ov.id = s.os_version
  left join footfall.dictionary b on b.id = s.browser_name
  left join footfall.dictionary bv on bv.id = s.browser_version
  left join footfall.dictionary page on page.id = coalesce(k.page_group, k.page)
  left join footfall.dictionary own on own.id = k.page
  left join footfall.dictionary name on name.id = k.name
  left join footfall.dictionary view_name on view_name.id = e.view_name
  left join footfall.dictionary action_type on action_type.id = e.action_type
  left join footfall.dictionary target on target.id = e.action_target
 where e.session_key = 0 or s.session_key is not null;
