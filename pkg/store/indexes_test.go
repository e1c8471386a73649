package store_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A migration that adds an index adds it to indexes.sql, too.
func TestIndexesAreThoseOfTheSchema(t *testing.T) {
	rows, err := testdb.New(t).Query(context.Background(), `
		select c.relname
		  from pg_index i
		  join pg_class c on c.oid = i.indexrelid
		 where c.relnamespace = 'footfall'::regnamespace and not c.relispartition
		 order by c.relname collate "C"`)
	require.NoError(t, err)
	want, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	var names []string
	for _, index := range store.Indexes() {
		names = append(names, index.Name)
	}
	require.ElementsMatch(t, want, names)
}

// A dump of the schema alone lacks the extension, and so the index that needs it: status says so, and how to mend it.
func TestMissingIndexesAreTold(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	warnings := func() string {
		status, err := store.ReadStatus(ctx, pool)
		require.NoError(t, err)
		return strings.Join(status.Warnings(), "\n")
	}
	require.NotContains(t, warnings(), "is missing")
	_, err := pool.Exec(ctx, `drop extension pg_trgm cascade; drop index footfall.sessions_start`)
	require.NoError(t, err)
	require.Contains(t, warnings(), "the index users_search is missing")
	require.Contains(t, warnings(), "the index sessions_start is missing")
	status, err := store.ReadStatus(ctx, pool)
	require.NoError(t, err)
	for _, index := range status.MissingIndexes {
		_, err := pool.Exec(ctx, index.Statement)
		require.NoError(t, err, index.Statement)
	}
	require.NotContains(t, warnings(), "is missing")
}
