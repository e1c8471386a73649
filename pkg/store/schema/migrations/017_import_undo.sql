-- For taking imports back.

-- Until when; null: for ever. What is kept for that takes space.
alter table footfall.settings add column import_undo interval default '90 days';

-- conflicts_with: the import whose events it met last with another payload.
alter table footfall.imports add column conflicts_with integer;
alter table footfall.imports add column undone_at timestamptz;
alter table footfall.imports add column undone_by text;

-- Events of an import's identity that others sent, another import or a writer, as they stood in the inbox: they are rolled
-- up when the import is taken back.
create table footfall.import_duplicates (
  like footfall.inbox,
  id         bigint generated always as identity,
  held_by    integer not null,          -- the import whose event counts
  conflict   boolean not null,          -- the payload differs
  event_ts   timestamptz(3) not null,
  event_key  uuid not null
);
create index import_duplicates_held_by on footfall.import_duplicates (held_by, event_key);

-- The usr.anonymous_id of events that count as their session's user's, kept while some import can be taken back: without the
-- import the session may be nobody's.
alter table footfall.events add column anonymous_id text;

-- import_id: of the import that brought the row. against: of the import that brought the event that counts.
alter table footfall.conflicts add column import_id integer;
alter table footfall.conflicts add column against integer;
