package rollup_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// storeTail fills the tail, which is not looked at until LargeTail is less than it takes.
func storeTail(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	before := *rollup.LargeTail
	t.Cleanup(func() { *rollup.LargeTail = before })
	*rollup.LargeTail = 1 << 30
	testdb.BoundTail(t, pool, -1)
	_, err := pool.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id)
		select '2025-05-17'::timestamptz + n * interval '1 s', 'view', 'u' || n % 40, 's' || n from generate_series(1, 4000) n`)
	require.NoError(t, err)
	drain(t, pool, 0)
}

// snapshot is a transaction that sees the store as it is now.
func snapshot(t *testing.T, pool *pgxpool.Pool) pgx.Tx {
	t.Helper()
	reader, err := pool.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	require.NoError(t, err)
	t.Cleanup(func() { _ = reader.Rollback(context.Background()) }) // it only reads, and may be over
	_, err = reader.Exec(t.Context(), `select 1 from footfall.worker`)
	require.NoError(t, err)
	return reader
}

// A tail of which most was sealed gives its space back, and who reads meanwhile reads on.
func TestAHollowTailGivesSpaceBack(t *testing.T) {
	pool := testdb.New(t)
	storeTail(t, pool)
	testdb.BoundTail(t, pool, 100)
	drain(t, pool, 0)
	size := func() int { return count(t, pool, `select pg_relation_size('footfall.tail')`) }
	full := size()

	reader := snapshot(t, pool)
	seen := func() (n int) {
		require.NoError(t, reader.QueryRow(t.Context(), `select count(*) from footfall.tail`).Scan(&n))
		return n
	}
	drain(t, pool, 0)
	require.Equal(t, full, size(), "below what is looked at")
	*rollup.LargeTail = 1 << 10
	drain(t, pool, 0)
	require.Less(t, size(), full/3)
	requirePacked(t, pool)
	require.Equal(t, count(t, pool, `select count(*) from footfall.tail`), seen(), "the snapshot is from before")

	small := size() // and the reader, which has read the tail, stops nobody
	drain(t, pool, 0)
	require.Equal(t, small, size(), "it is not hollow any more")
}

// Under a snapshot that needs what was replaced the tail stays as it is, and is not written anew again and again.
func TestATailThatStaysHollowIsLeft(t *testing.T) {
	pool := testdb.New(t)
	storeTail(t, pool)
	reader := snapshot(t, pool)
	testdb.BoundTail(t, pool, 100)
	drain(t, pool, 0)

	*rollup.LargeTail = 1 << 10
	file := func() int { return count(t, pool, `select pg_relation_filenode('footfall.tail')::bigint`) }
	size := func() int { return count(t, pool, `select pg_relation_size('footfall.tail')`) }
	first, full, idle := file(), size(), rollup.Idler(t.Context(), pool)
	idle()
	second := file()
	require.NotEqual(t, first, second, "it is tried")
	require.Greater(t, size(), full/2, "in vain")
	idle()
	idle()
	require.Equal(t, second, file())
	require.NoError(t, reader.Rollback(t.Context()))
	rollup.Idler(t.Context(), pool)()
	require.Less(t, size(), full/3)
}
