-- The latest events belong to sessions that end after them. Where many come in, those that start within 24 hours before are hundreds of
-- thousands, and those that are under way hundreds.
create index sessions_end on footfall.sessions (end_ts);
