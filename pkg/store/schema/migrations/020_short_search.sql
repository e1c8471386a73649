-- One or two letters are searched for without an index: in a text that is folded once, when a user is written, instead of
-- three that are folded whenever somebody searches. Lines of it: id, name, e-mail.
alter table footfall.users add column search text not null generated always as
  (footfall.folded(id) || E'\n' || coalesce(footfall.folded(name), '') || E'\n' || coalesce(footfall.folded(email), '')) stored;
