-- How often the segment was marked stale, so that a computation leaves a mark that came while it ran.
alter table footfall.segments add column marks bigint not null default 0;

-- Marks the segments that speak of a segment or table, and those above them. Rows are locked in the order of their keys, so
-- that two who mark at once wait for each other instead of in a circle.
create function footfall.mark_segments(of_kind text, of_id text) returns void language sql as $$
  with recursive above as (
    select u.segment_key
      from footfall.segment_uses u
     where u.kind = of_kind and u.id = of_id
     union
    select u.segment_key
      from above
      join footfall.segments s on s.key = above.segment_key
      join footfall.segment_uses u on u.kind = 'segment' and u.id = s.id
  ), locked as (
    select s.key
      from footfall.segments s
     where s.key in (select segment_key from above)
     order by s.key
       for update
  )
  update footfall.segments s
     set stale = true, marks = marks + 1
    from locked
   where s.key = locked.key
$$;
