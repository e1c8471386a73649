-- Patterns that make one page of many. They are a map from stored to shown pages, applied when reading, so that they hold
-- for all history and can be taken back.
create table footfall.page_groups (
  place    integer primary key,      -- of the patterns that match a page, the first one counts
  page     integer not null unique,  -- the pattern as a text of the dictionary: what its pages are shown as
  pattern  text not null             -- as LIKE reads it
);

-- The group of the token's page, null without one: footfall.page_groups.page. The worker keeps it.
alter table footfall.tokens add column page_group integer;
create index tokens_grouped on footfall.tokens (page) where page_group is not null;
