-- Which paths are one page: pkg/store/event/page.go. Stores that hold events keep their pages as they are.
alter table footfall.settings
  add column page_hash_routes   boolean not null default false,
  add column page_fold_slash    boolean not null default true,
  add column page_fold_case     boolean not null default false,
  add column page_decode        boolean not null default true,
  add column page_keep_numbers  smallint[] not null default '{}'  -- places of parts, from 1
    check (1 <= all (page_keep_numbers) and 32 >= all (page_keep_numbers));

update footfall.settings
   set page_fold_slash = false, page_decode = false
 where exists (select from footfall.events);

-- What an application does not say for itself is as in settings.
alter table footfall.applications
  alter column session_gap_ms drop not null,
  add column page_hash_routes   boolean,
  add column page_fold_slash    boolean,
  add column page_fold_case     boolean,
  add column page_decode        boolean,
  add column page_keep_numbers  smallint[]
    check (1 <= all (page_keep_numbers) and 32 >= all (page_keep_numbers));
