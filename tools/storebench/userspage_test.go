package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/ingest/demo"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// What the page asks is answered, whether there is somebody or not, and so is the SQL beside it.
func TestUsersPageIsAnswered(t *testing.T) {
	db := testdb.New(t)
	options := usersOptions{dsn: db.Config().ConnString(), times: 1, parts: true}
	require.NoError(t, measureUsersPage(t.Context(), options))
	_, err := demo.Load(t.Context(), db, demo.Options{
		Users: 20, Days: 10, Seed: 1, Until: time.Now().UTC().Truncate(24 * time.Hour),
	}, func(int, int64) {})
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
	require.NoError(t, measureUsersPage(t.Context(), options))

	_, err = db.Exec(t.Context(), `drop table footfall.segment_members`)
	require.NoError(t, err)
	require.ErrorContains(t, measureUsersPage(t.Context(), options), "open: facets5")
}
