-- Search heeds neither case nor accents: jose finds José. Letters that no accent can be taken from stand beside the letters
-- that people type for them. In a database that is not UTF-8 there is nothing to take apart, and migrate warns.
do $$
declare
  trgm text;
begin
  select n.nspname into trgm from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
  perform set_config('search_path', format('footfall, %I, pg_catalog', trgm), true);
  if getdatabaseencoding() = 'UTF8' then
    create function footfall.folded(value text) returns text language sql immutable strict parallel safe as $fold$
      select case when value ~ '^[\x01-\x7f]*$' then lower(value)
                  else replace(replace(replace(translate(
                         regexp_replace(normalize(lower(value), nfd), '[\u0300-\u036f]+', '', 'g'),
                         'łøđħŧı', 'lodhti'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') end
    $fold$;
  else
    create function footfall.folded(value text) returns text language sql immutable strict parallel safe as 'select lower(value)';
  end if;
end $$;

drop index footfall.users_search;
create index users_search on footfall.users using gin
  (footfall.folded(id) gin_trgm_ops, footfall.folded(name) gin_trgm_ops, footfall.folded(email) gin_trgm_ops);
