-- What events of sessions in the tail say of attributes that are packed: docs/data-model.md, "Attributes of events". Null until the
-- worker comes to it. One of the version before may be in a batch; what it writes has none, and gets it, too.
alter table footfall.tail add column said text;
