-- Every transaction of the worker, or of a command, that may have changed packed sessions counts on: those who see the same number see
-- the same ones, and may read them together.
alter table footfall.columns add column version bigint not null default 0;
