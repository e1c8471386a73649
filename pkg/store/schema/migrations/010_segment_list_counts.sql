-- How long a static segment's list is, and how many of its entries a user had when the list was stored or last computed:
-- counting them anew takes too long for every query that uses a segment.
alter table footfall.segments
  add column listed bigint not null default 0,
  add column matched bigint not null default 0;

update footfall.segments s
   set listed = l.entries
  from (select segment_key, count(*) as entries from footfall.segment_lists group by segment_key) l
 where s.key = l.segment_key;

update footfall.segments s
   set matched = k.entries
  from (select segment_key, count(*) as entries
          from (select l.segment_key, l.value, l.anonymous
                  from footfall.segment_lists l
                  join footfall.segments i on i.key = l.segment_key and i.identity = 'usr.id'
                  join footfall.users u on u.id = l.value and (u.kind = 'anonymous') = l.anonymous and u.kind <> 'none'
                 union
                select l.segment_key, l.value, l.anonymous
                  from footfall.segment_lists l
                  join footfall.segments i on i.key = l.segment_key and i.identity = 'usr.email'
                  join footfall.users u on lower(btrim(u.email)) = l.value and u.kind = 'usr'
                 union
                select l.segment_key, l.value, l.anonymous
                  from footfall.segment_lists l
                  join footfall.segments i on i.key = l.segment_key and i.identity = 'usr.name'
                  join footfall.users u on u.name = l.value and u.kind = 'usr') known
         group by segment_key) k
 where s.key = k.segment_key;
