-- What is deleted of segments and reference tables can be brought back for a while. kept is the row of segments or
-- reference_tables that was deleted; members, lists, sizes and rows stand under its key still, which no other row ever gets.
-- Null once it was brought back, or is too old. A migration that adds a column to one of those tables adds it here, too.
alter table footfall.segment_changes
  add column kept jsonb,
  drop constraint segment_changes_change_check,
  add constraint segment_changes_change_check check (change in ('created', 'updated', 'deleted', 'restored'));

create index segment_changes_kept on footfall.segment_changes (changed_at) where kept is not null;
