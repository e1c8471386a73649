package columns_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/check"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Where a restored dump lacks packed sessions, a worker finds it when it starts and packs them anew. Until then questions read the
// rows, and the status warns, but where that takes longer to find.
func TestWhatADumpLeavesOutIsFound(t *testing.T) {
	const blocks, deaths, tail = `delete from footfall.blocks; `, `delete from footfall.dead; `, `delete from footfall.tail; `
	for name, c := range map[string]struct {
		bound     int // of the tail
		leaveOut  string
		isAnswer  bool // before the worker
		isWarning bool
	}{
		"blocks":                 {100, blocks, true, true},
		"blocks and deaths":      {100, blocks + deaths, true, true},
		"all that is packed":     {100, blocks + deaths + tail, true, true},
		"deaths":                 {100, deaths, false, false},
		"tail beside blocks":     {300, tail + deaths, false, false},
		"tail":                   {-1, tail, true, true},
		"nothing":                {100, ``, true, false},
		"nothing, unsealed":      {-1, ``, true, false},
		"nothing, all in blocks": {0, ``, true, false},
	} {
		t.Run(name, func(t *testing.T) {
			db := sealedStore(t, c.bound)
			_, err := db.Exec(t.Context(), c.leaveOut)
			require.NoError(t, err)
			if c.isAnswer {
				require.Equal(t, sessionsIn(t, db), scanned(t, db))
			}
			require.Equal(t, c.isWarning, warned(t, db))
			mark := blocksOf(t, db)

			_, err = rollup.Drain(t.Context(), db, rollup.Options{})
			require.NoError(t, err)
			requireWhole(t, db)
			if c.leaveOut == "" {
				require.Equal(t, mark, blocksOf(t, db), "nothing was packed anew")
			}
		})
	}
}

// A store of which all sealed sessions are gone is none that lacks them.
func TestSealedSessionsMayAllBeForgotten(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, sessionsOf(400))
	seal(t, db, 0)
	seal(t, db, -1)
	rows, err := db.Query(t.Context(), `select id from footfall.users where kind = 'usr'`)
	require.NoError(t, err)
	users, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	_, err = rollup.Forget(t.Context(), db, rollup.People{Users: users}, false)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, view_url_path) values ($1, 'view', 'zoe', 'z', '/')`, history.Origin.Format(time.RFC3339))
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
	require.Empty(t, blocksOf(t, db))
	require.Len(t, sessionsIn(t, db), 1)
	requireWhole(t, db)
	var number int64
	require.NoError(t, db.QueryRow(t.Context(), `select number from footfall.columns`).Scan(&number))
	require.Zero(t, number, "questions read the tail again")
}

// sealedStore has a tail bounded at so many of 400 sessions, and copies in blocks that count no more.
func sealedStore(t *testing.T, bound int) *pgxpool.Pool {
	db := testdb.New(t)
	fillSealed(t, db, bound)
	return db
}

func fillSealed(t *testing.T, db *pgxpool.Pool, bound int) {
	t.Helper()
	history.Load(t, db, sessionsOf(400))
	seal(t, db, bound)
	_, err := db.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, view_url_path)
		select s.start_ts + interval '5 s', 'view', u.id, s.session_id, '/late'
		  from footfall.sessions s
		  join footfall.users u on u.key = s.user_key
		 where not exists (select from footfall.tail t where t.user_key = s.user_key and t.session_key = s.session_key)
		 limit 20`)
	require.NoError(t, err)
	if bound > 0 {
		bound += 20
	}
	seal(t, db, bound)
	requireWhole(t, db)
}

// requireWhole wants everything packed as it should be, and read.
func requireWhole(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	report, err := check.Sessions(t.Context(), db, func(int64) {})
	require.NoError(t, err)
	require.Empty(t, report.First)
	require.Equal(t, report.Sessions, report.Packed)
	require.Equal(t, sessionsIn(t, db), scanned(t, db))
	require.False(t, warned(t, db))
}

// scanned are the sessions that a scan hands over, as sessionsIn lists them.
func scanned(t *testing.T, db store.Querier) []string {
	t.Helper()
	got := make([][]string, columns.Workers())
	scan := columns.Scan{From: history.Origin, To: history.Origin.AddDate(1, 0, 0)}
	_, err := scan.Read(t.Context(), db, func(worker int, s *columns.Session) error {
		got[worker] = append(got[worker], fmt.Sprint(s.User, " ", s.Ref.Session, " ", s.Start, " ", s.Tokens))
		return nil
	})
	require.NoError(t, err)
	return slices.Sorted(slices.Values(slices.Concat(got...)))
}

func warned(t *testing.T, db *pgxpool.Pool) bool {
	t.Helper()
	status, err := store.ReadStatus(t.Context(), db)
	require.NoError(t, err)
	return strings.Contains(strings.Join(status.Warnings(), "\n"), "packed sessions are missing")
}

func blocksOf(t *testing.T, db *pgxpool.Pool) []int64 {
	t.Helper()
	rows, err := db.Query(t.Context(), `select id from footfall.blocks order by id`)
	require.NoError(t, err)
	ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	return ids
}

// A dump that is restored has all that is packed, and one without blocks is repaired.
func TestDumpsAreRestored(t *testing.T) {
	cluster := testdb.ClusterWith(t, "pg_dump")
	db := testdb.Connect(t, cluster.DSN)
	fillSealed(t, db, 100)
	for name, leaveOut := range map[string]string{"whole": "footfall.nothing", "without_blocks": "footfall.blocks"} {
		dump := filepath.Join(cluster.Dir(), name)
		require.NoError(t, cluster.Run("pg_dump", "--format=custom", "--file="+dump, "--exclude-table-data="+leaveOut, cluster.DSN))
		_, err := db.Exec(t.Context(), `create database `+name)
		require.NoError(t, err)
		require.NoError(t, cluster.Run("pg_restore", "--exit-on-error", "--dbname="+cluster.Server.DSN(name), dump))

		restored := testdb.Connect(t, cluster.Server.DSN(name))
		require.Equal(t, sessionsIn(t, db), scanned(t, restored))
		require.Equal(t, name != "whole", warned(t, restored))
		if name == "whole" {
			requireWhole(t, restored)
			require.Equal(t, blocksOf(t, db), blocksOf(t, restored))
			continue
		}
		require.NoError(t, rollup.PackAgain(t.Context(), restored, func(int64) {}), "which the warning names")
		requireWhole(t, restored)
	}
}

// A standby answers as its primary does, also while blocks are sealed and packed there.
func TestAStandbyIsRead(t *testing.T) {
	cluster := testdb.ClusterWith(t, "pg_basebackup")
	db := testdb.Connect(t, cluster.DSN)
	fillSealed(t, db, 300)
	// Else what the primary vacuums cancels those who read the standby.
	standby := testdb.Connect(t, cluster.Standby("hot_standby_feedback=on", "wal_receiver_status_interval=1s"))
	require.Equal(t, sessionsIn(t, db), scanned(t, standby))

	reader, err := standby.BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	require.NoError(t, err)
	before := sessionsIn(t, reader)
	require.Eventually(t, func() (heard bool) {
		require.NoError(t, db.QueryRow(t.Context(), `select count(backend_xmin) > 0 from pg_stat_replication`).Scan(&heard))
		return heard
	}, time.Minute, 20*time.Millisecond)
	require.NoError(t, changeAll(t.Context(), db))
	after := sessionsIn(t, db)
	require.Eventually(t, func() bool { return slices.Equal(after, sessionsIn(t, standby)) }, time.Minute, 20*time.Millisecond)
	require.NotEqual(t, before, after)
	require.Equal(t, after, scanned(t, standby))
	require.Equal(t, before, scanned(t, reader))
	require.NoError(t, reader.Rollback(t.Context()))
}

// Behind a pooler each transaction comes by another connection: of workers that seal, and of scans.
func TestBlocksBehindAPooler(t *testing.T) {
	db := sealedStore(t, 300)
	dsn := testdb.BehindPooler(t, db)
	reader := testdb.AsDatasource(t, testdb.Connect(t, dsn))
	worker := testdb.Connect(t, dsn+"&default_query_exec_mode=cache_describe")
	for tail := 200; tail >= 0; tail -= 100 {
		seal(t, worker, tail)
		require.Equal(t, sessionsIn(t, db), scanned(t, reader))
		requireWhole(t, db)
	}
}
