-- Sessions are sealed into blocks where there are many. Null still turns that off.
alter table footfall.settings alter column tail_sessions set default 100000;
update footfall.settings set tail_sessions = 100000 where tail_sessions is null;
