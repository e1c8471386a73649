-- Since when a user is in a segment without a break: when the computation began that found them first. Null for those who
-- were in it before this was kept.
alter table footfall.segment_members add column since timestamptz;
alter table footfall.segment_members alter column since set default now();
