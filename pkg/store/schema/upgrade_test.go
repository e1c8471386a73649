package schema_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/schema"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// storeOf is a store of an older version, in which some statements were run.
func storeOf(t *testing.T, version int, statements ...string) *pgxpool.Pool {
	t.Helper()
	pool := testdb.Empty(t)
	_, _, err := schema.MigrateTo(t.Context(), connect(t, pool), version)
	require.NoError(t, err)
	for _, sql := range statements {
		_, err := pool.Exec(t.Context(), sql)
		require.NoError(t, err, sql)
	}
	return pool
}

func text(t *testing.T, pool *pgxpool.Pool, sql string) (text string) {
	t.Helper()
	require.NoError(t, pool.QueryRow(t.Context(), sql).Scan(&text))
	return text
}

func upgrade(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	_, _, err := schema.Migrate(t.Context(), connect(t, pool))
	require.NoError(t, err)
}

func TestStoredDefinitionsGetTheZoneTheyWereComputedIn(t *testing.T) {
	pool := storeOf(t, 7, `
		insert into footfall.segments (id, name, kind, definition, identity, created_by, changed_by)
		values ('old', 'Old', 'dynamic', '{"where": {"users": "first_seen:>=2026-11-20"}}', null, 'eve', 'eve'),
		       ('list', 'List', 'static', null, 'usr.id', 'eve', 'eve')`)
	upgrade(t, pool)
	require.Equal(t, `list none, old {"where": {"users": "first_seen:>=2026-11-20"}, "timeZone": "UTC"}`, text(t, pool, `
		select string_agg(id || ' ' || coalesce(definition::text, 'none'), ', ' order by id) from footfall.segments`))
}

func TestStoredListsAreCounted(t *testing.T) {
	pool := storeOf(t, 8, `
		insert into footfall.users (key, kind, id, name, email)
		values (1, 'usr', 'ann', 'Ann', ' Ann@x.org'), (2, 'anonymous', 'bob', null, null), (3, 'usr', 'cyd', 'Ann', null)`, `
		insert into footfall.segments (id, name, kind, definition, identity, created_by, changed_by)
		values ('ids', '', 'static', null, 'usr.id', '', ''), ('mails', '', 'static', null, 'usr.email', '', ''),
		       ('names', '', 'static', null, 'usr.name', '', ''), ('none', '', 'static', null, 'usr.id', '', ''),
		       ('dynamic', '', 'dynamic', '{}', null, '', '')`, `
		insert into footfall.segment_lists (segment_key, value, anonymous)
		select s.key, l.value, l.anonymous
		  from footfall.segments s
		  join (values ('ids', 'ann', false), ('ids', 'bob', false), ('ids', 'bob', true), ('mails', 'ann@x.org', false),
		        ('mails', 'ann', false), ('names', 'Ann', false)) l (id, value, anonymous) on l.id = s.id`)
	upgrade(t, pool)
	require.Equal(t, "dynamic 0 0, ids 3 2, mails 2 1, names 1 1, none 0 0", text(t, pool, `
		select string_agg(concat_ws(' ', id, listed, matched), ', ' order by id) from footfall.segments`))
}

func TestStoredUsersAreFoundByTwoLetters(t *testing.T) {
	pool := storeOf(t, 19, `
		insert into footfall.users (key, kind, id, name, email)
		values (1, 'usr', 'U-1', 'Łucja', 'l@x.org'), (2, 'anonymous', 'v', null, null)`)
	upgrade(t, pool)
	_, err := pool.Exec(t.Context(), `update footfall.users set name = 'Zoë' where key = 2`)
	require.NoError(t, err)
	require.Equal(t, "u-1\nlucja\nl@x.org v\nzoe\n", text(t, pool, `select string_agg(search, ' ' order by key) from footfall.users`))
}

// What was deleted before deletions were kept stays gone, and a store in use knows how to keep from then on.
func TestDeletionsAreKeptFromThenOn(t *testing.T) {
	pool := storeOf(t, 20, `
		insert into footfall.segment_changes (kind, id, version, change, changed_by, content)
		values ('segment', 'old', 1, 'deleted', 'eve', '{"id": "old"}')`)
	upgrade(t, pool)
	require.Equal(t, "old deleted f", text(t, pool, `select concat_ws(' ', id, change, kept is not null) from footfall.segment_changes`))
	_, err := pool.Exec(t.Context(), `
		insert into footfall.segment_changes (kind, id, version, change, changed_by, content) values ('segment', 'old', 1, 'restored', 'eve', '{}')`)
	require.NoError(t, err)
	_, err = pool.Exec(t.Context(), `
		insert into footfall.segment_changes (kind, id, version, change, changed_by, content) values ('segment', 'old', 1, 'burnt', 'eve', '{}')`)
	require.ErrorContains(t, err, "segment_changes_change_check")
}

// Nobody knows since when users are in a segment that were in it before; those who come from then on are told.
func TestMembersOfBeforeHaveNoDate(t *testing.T) {
	pool := storeOf(t, 21, `insert into footfall.segment_members (user_key, segment_key) values (1, 1)`)
	upgrade(t, pool)
	_, err := pool.Exec(t.Context(), `insert into footfall.segment_members (user_key, segment_key) values (2, 1)`)
	require.NoError(t, err)
	require.Equal(t, "1 f, 2 t", text(t, pool, `
		select string_agg(concat_ws(' ', user_key, since is not null), ', ' order by user_key) from footfall.segment_members`))
}

// Sessions of before are packed by the worker; in a store without any there is nothing to do.
func TestSessionsOfBeforeAreToBePacked(t *testing.T) {
	const mark = `select concat_ws(' ', buckets, built_from) from footfall.columns`
	pool := storeOf(t, 22, `
		insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, events, views, actions, errors, frustrations,
		                               reported, truncated, tokens, offsets, pages)
		values (1, 1, now(), now(), gen_random_uuid(), 1, 1, 0, 0, 0, false, false, '{1}', '{0}', '{}')`)
	upgrade(t, pool)
	require.Equal(t, "16 infinity", text(t, pool, mark))
	pool = storeOf(t, 22)
	upgrade(t, pool)
	require.Equal(t, "16 -infinity", text(t, pool, mark))
}

// Users of before are counted by what they have, visitors are not.
func TestUsersOfBeforeAreCounted(t *testing.T) {
	pool := storeOf(t, 30, `
		insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors, frustrations, events,
		                               first_session, last_session, last_session_start)
		values (1, false, now(), now(), 2, 5, 0, 1, 0, 6, 1, 2, now()), (2, false, now(), now(), 2, 3, 0, 0, 0, 3, 3, 4, now()),
		       (3, true, now(), now(), 9, 9, 9, 9, 9, 36, 5, 6, now())`)
	upgrade(t, pool)
	require.Equal(t, "actions 0 2, errors 0 1, errors 1 1, events 3 1, events 6 1, frustrations 0 2, sessions 2 2, views 3 1, views 5 1", text(t, pool, `
		select string_agg(concat_ws(' ', total, value, users), ', ' order by total, value) from footfall.profile_totals`))
}

// Blocks begin with nothing, in a store in use as in a new one, but with a bound, unless there is one; one of less than none is
// refused.
func TestNothingIsSealedAfterAnUpgrade(t *testing.T) {
	pool := storeOf(t, 25, `update footfall.settings set tail_sessions = 7`)
	upgrade(t, pool)
	require.Equal(t, "7", text(t, pool, `select tail_sessions::text from footfall.settings`))
	pool = storeOf(t, 24)
	upgrade(t, pool)
	require.Equal(t, "0 100000 0 0", text(t, pool, `
		select concat_ws(' ', (select number from footfall.columns), coalesce(tail_sessions::text, 'off'),
		                 (select count(*) from footfall.blocks), (select count(*) from footfall.dead))
		  from footfall.settings`))
	_, err := pool.Exec(t.Context(), `update footfall.settings set tail_sessions = -1`)
	require.ErrorContains(t, err, "tail_sessions")
}
