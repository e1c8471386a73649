package rollup_test

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/check"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// unpack leaves a store as a worker may that is packing what was there before: sessions from a time on are packed, and some of
// those before.
func unpack(t testing.TB, pool *pgxpool.Pool, from int64, every int) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), `delete from footfall.tail where start_ts < $1 and abs(session_key) % $2 = 0`,
		time.UnixMilli(from), every); err != nil {
		t.Fatal(err)
	}
	if _, err := pool.Exec(context.Background(), `update footfall.columns set built_from = $1`, time.UnixMilli(from)); err != nil {
		t.Fatal(err)
	}
}

// runBatch rolls up one batch, and packs nothing else.
func runBatch(t testing.TB, pool *pgxpool.Pool, size int) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := rollup.Run(ctx, pool, rollup.Options{BatchSize: size, OnBatch: func(rollup.Report) { stop() }}); err != nil {
		t.Fatal(err)
	}
}

// While older sessions are being packed, whatever changes sessions leaves those packed as they are that have to be.
func TestBatchesAmongUnpackedSessions(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		limits := defaultRules
		limits.sessionCap = rapid.SampledFrom([]int{3, 20_000}).Draw(rt, "cap")
		use(t, pool, limits)
		defer use(t, pool, defaultRules)
		first, later := rows(rt), rows(rt)
		insert(t, pool, first)
		drain(t, pool, 1000)
		starts := parse(t, first)
		unpack(t, pool, starts[rapid.IntRange(0, len(starts)-1).Draw(rt, "from")].TS+rapid.Int64Range(0, 1).Draw(rt, "after"),
			rapid.IntRange(1, 2).Draw(rt, "every"))
		all := unambiguous(t, append(first, later...))
		insert(t, pool, all[len(first):])
		size := rapid.SampledFrom([]int{1, 3, 1000}).Draw(rt, "batch")
		if len(all) > len(first) {
			runBatch(t, pool, size)
		}
		report, err := check.Sessions(context.Background(), pool, func(int64) {})
		if err != nil || report.Differences != 0 {
			rt.Fatalf("after a batch: %+v, %v", report, err)
		}
		drain(t, pool, size) // packs the rest, a few events at a time
		requireWorld(rt, pool, oracle(parse(t, all), limits))
	})
}

// Packing a store that was there before survives kills, beside batches.
func TestKilledWhilePacking(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	n := crashes(t, 20)
	all := history(t, 9000, n)
	next := feed(all, n)
	insert(t, pool, next())
	drain(t, pool, 1000)
	for range n - 1 {
		count(t, pool, `with mark as (update footfall.columns set built_from = 'infinity'), gone as (
			delete from footfall.tail where session_key % 2 = 0 returning 1) select count(*) from gone`)
		worker := startWorker(t, pool)
		insert(t, pool, next())
		time.Sleep(rand.N(100 * time.Millisecond))
		kill(t, worker)
		report, err := check.Sessions(context.Background(), pool, func(int64) {})
		require.NoError(t, err)
		require.Zero(t, report.Differences, report.First)
	}
	drain(t, pool, 1000)
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
}

// Events that come after the cap was raised are not held behind those that it had kept out.
func TestRaisedCapLeavesNoHoles(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	send := func(limit, from, to int) {
		limits := defaultRules
		limits.sessionCap = limit
		use(t, pool, limits)
		_, err := pool.Exec(t.Context(), `
			insert into footfall.inbox (ts, type, usr_id, session_id) select '2025-05-17'::timestamptz + n * interval '1 s', 'view', 'u', 's'
			  from generate_series($1::int, $2) n`, from, to)
		require.NoError(t, err)
		drain(t, pool, 0)
		requirePacked(t, pool)
	}
	send(2, 1, 3)
	send(10, 4, 4)
	require.Equal(t, 2, count(t, pool, `select cardinality(tokens) from footfall.sessions where events = 4 and truncated`))
}

// Many sessions that start at one time are more than one piece.
func TestPackingSessionsOfOneTime(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	_, err := pool.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, duration)
		select case when n % 4 = 0 then '2025-05-18' else '2025-05-17' end, 'view', 'u' || n % 7, 's' || n, n::text from generate_series(1, 3000) n`)
	require.NoError(t, err)
	drain(t, pool, 0)
	_, err = pool.Exec(t.Context(), `delete from footfall.tail`)
	require.NoError(t, err)
	// Stopped within those of one time, it goes on there.
	ctx, stop := context.WithCancel(t.Context())
	require.ErrorIs(t, rollup.PackAgain(ctx, pool, func(done int64) {
		require.EqualValues(t, 1000, done)
		stop()
	}), context.Canceled)
	require.Equal(t, 1000, count(t, pool, `select count(*) from footfall.tail`))
	drain(t, pool, 0)
	requirePacked(t, pool)
	require.Equal(t, 3000, count(t, pool, `select count(*) from footfall.tail`))
}
