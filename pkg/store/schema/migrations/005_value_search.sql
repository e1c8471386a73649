-- Suggests texts by how they begin. Their first letters suffice, and raw text may be longer than a btree can hold.
create index dictionary_search on footfall.dictionary (kind, (lower(left(value, 100))) collate "C");
