package testdb

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
)

func TestMain(m *testing.M) { Main(m) }

func TestNewDatabasesAreMigratedAndApart(t *testing.T) {
	ctx := context.Background()
	one, two := New(t), New(t)
	require.NotEqual(t, one.Config().ConnString(), two.Config().ConnString())
	require.NoError(t, store.CheckVersion(ctx, one))

	_, err := one.Exec(ctx, `insert into footfall.inbox (ts, type) values ('2026-01-01', 'view')`)
	require.NoError(t, err)
	var waiting int
	require.NoError(t, two.QueryRow(ctx, `select count(*) from footfall.inbox`).Scan(&waiting))
	require.Zero(t, waiting)
}

func TestCopiesAreFilledOnceAndApart(t *testing.T) {
	fills := 0
	fill := func(db *pgxpool.Pool) {
		fills++
		_, err := db.Exec(t.Context(), `insert into footfall.inbox (ts, type) values ('2026-01-01', 'view')`)
		require.NoError(t, err)
	}
	one, two := Copy(t, "filled", fill), Copy(t, "filled", fill)
	require.Equal(t, 1, fills)
	_, err := one.Exec(t.Context(), `delete from footfall.inbox`)
	require.NoError(t, err)
	var waiting int
	require.NoError(t, two.QueryRow(t.Context(), `select count(*) from footfall.inbox`).Scan(&waiting))
	require.Equal(t, 1, waiting)
}

func TestEmptyHasNoSchema(t *testing.T) {
	require.ErrorIs(t, store.CheckVersion(context.Background(), Empty(t)), store.ErrNoSchema)
}

func TestDatabaseIsDroppedAtTheEnd(t *testing.T) {
	var name string
	t.Run("inner", func(t *testing.T) { name = Empty(t).Config().ConnConfig.Database })
	var exists bool
	err := Empty(t).QueryRow(context.Background(), `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
	require.NoError(t, err)
	require.False(t, exists, name)
}

func TestPrivateClusterSurvivesACrash(t *testing.T) {
	ctx := context.Background()
	cluster := Cluster(t, "work_mem=5MB")
	pool := Connect(t, cluster.DSN)
	var setting string
	require.NoError(t, pool.QueryRow(ctx, `show work_mem`).Scan(&setting))
	require.Equal(t, "5MB", setting)
	_, err := pool.Exec(ctx, `insert into footfall.inbox (ts, type) values ('2026-01-01', 'view')`)
	require.NoError(t, err)

	var backend int
	require.NoError(t, pool.QueryRow(ctx, `select pg_backend_pid()`).Scan(&backend))
	cluster.Kill(backend)
	require.Eventually(t, func() bool { return pool.Ping(ctx) == nil }, 30*time.Second, 50*time.Millisecond, "it recovers by itself")
	cluster.Crash()
	require.Error(t, pool.Ping(ctx))
	cluster.Restart()

	var waiting int
	require.NoError(t, Connect(t, cluster.DSN).QueryRow(ctx, `select count(*) from footfall.inbox`).Scan(&waiting))
	require.Equal(t, 1, waiting)
}

func TestWithDatabase(t *testing.T) {
	for dsn, want := range map[string]string{
		"postgres://me:secret@localhost:5432/postgres?sslmode=disable": "postgres://me:secret@localhost:5432/test?sslmode=disable",
		"host=localhost dbname=postgres":                               "host=localhost dbname=postgres dbname=test",
	} {
		got, err := withDatabase(dsn, "test")
		require.NoError(t, err)
		require.Equal(t, want, got)
		config, err := pgx.ParseConfig(got)
		require.NoError(t, err)
		require.Equal(t, "test", config.Database)
	}
}

func TestClearKnowsEveryTable(t *testing.T) {
	kept := []string{"schema_version", "settings", "applications", "blocked", "workers", "reference_tables", "reference_rows", "segments",
		"segment_changes", "segment_lists", "segment_members", "segment_sizes", "segment_uses",
		"packed_attributes",
		"columns"} // of one row, which is set back
	rows, err := New(t).Query(t.Context(), `
		select relname from pg_class
		 where relnamespace = 'footfall'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> all ($1)`, kept)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.NotEmpty(t, tables)
	for _, table := range tables {
		require.Regexp(t, `(delete from|truncate) footfall\.`+table+`\b`, clearSQL)
	}
}
