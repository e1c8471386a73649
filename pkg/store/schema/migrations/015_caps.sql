-- How many distinct places and objects of usr.* the dictionaries take; token_cap is for tokens of a type and texts of a kind.
-- Beyond, region, city and versions of places read "(other)", and an event keeps its usr.* among its attributes, with
-- traits = -1.
alter table footfall.settings
  add column context_cap  integer not null default 1000000 check (context_cap > 0),
  add column traits_cap   integer not null default 1000000 check (traits_cap > 0);
