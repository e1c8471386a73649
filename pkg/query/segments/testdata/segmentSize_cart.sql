--
select s.id, s.name, z.computed_at, z.size
  from footfall.segment_sizes z
  join footfall.segments s on s.key = z.segment_key
 where z.computed_at >= $1 and z.computed_at < $2
   and (cardinality($3::text[]) = 0 or s.id = any ($3::text[]))
 order by s.id collate "C", z.computed_at
-- $1 = "2026-03-01T00:00:00Z"
-- $2 = "2026-04-01T00:00:00Z"
-- $3 = []
