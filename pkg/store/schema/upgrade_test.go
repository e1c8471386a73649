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
	var definitions string
	require.NoError(t, pool.QueryRow(t.Context(), `
		select string_agg(id || ' ' || coalesce(definition::text, 'none'), ', ' order by id) from footfall.segments`).Scan(&definitions))
	require.Equal(t, `list none, old {"where": {"users": "first_seen:>=2026-11-20"}, "timeZone": "UTC"}`, definitions)
}
