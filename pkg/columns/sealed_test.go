package columns_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// seal puts all but so many sessions into blocks.
func seal(t testing.TB, db *pgxpool.Pool, tail int) {
	testdb.BoundTail(t, db, tail)
	_, err := rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
}

// A scan reads the tail, what is dead and blocks in one snapshot, whatever becomes of them between its statements: while the first
// sessions of the tail are taken, the rest of them wait.
func TestScansReadOneSnapshot(t *testing.T) {
	for _, byUser := range []bool{false, true} {
		t.Run(fmt.Sprint("by user ", byUser), func(t *testing.T) {
			db := testdb.New(t)
			history.Load(t, db, sessionsOf(16_000))
			for tail := 15_500; tail >= 8000; tail -= 500 { // half of each bucket
				seal(t, db, tail)
			}
			reader, err := testdb.AsDatasource(t, db).BeginTx(t.Context(), pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
			require.NoError(t, err)
			defer func() { require.NoError(t, reader.Rollback(context.Background())) }()
			wanted := sessionsIn(t, reader)

			scan := columns.Scan{From: history.Origin, To: history.Origin.AddDate(1, 0, 0), ByUser: byUser}
			var once sync.Once
			var change error
			got := make([][]string, columns.Workers())
			_, err = scan.Read(t.Context(), reader, func(worker int, s *columns.Session) error {
				once.Do(func() { change = changeAll(t.Context(), db) })
				got[worker] = append(got[worker], fmt.Sprint(s.User, " ", s.Ref.Session, " ", s.Start, " ", s.Tokens))
				return nil
			})
			require.NoError(t, err)
			require.NoError(t, change)
			require.Equal(t, wanted, slices.Sorted(slices.Values(slices.Concat(got...))))
			require.NotEqual(t, wanted, sessionsIn(t, db), "it was changed")
		})
	}
}

// changeAll seals what there is, lets half of the sessions go on, which kills their copies, packs and forgets.
func changeAll(ctx context.Context, db *pgxpool.Pool) error {
	for _, sql := range []string{
		`update footfall.settings set tail_sessions = 0`,
		`insert into footfall.inbox (ts, type, usr_id, session_id, view_url_path)
		 select s.start_ts + interval '5 s', 'view', u.id, s.session_id, '/late'
		   from footfall.sessions s
		   join footfall.users u on u.key = s.user_key
		  where s.session_key % 2 = 0`,
	} {
		if _, err := rollup.Drain(ctx, db, rollup.Options{}); err != nil {
			return err
		}
		if _, err := db.Exec(ctx, sql); err != nil {
			return err
		}
	}
	if _, err := rollup.Drain(ctx, db, rollup.Options{}); err != nil {
		return err
	}
	_, err := rollup.Forget(ctx, db, rollup.People{Users: []string{"u7"}}, false)
	return err
}

func sessionsIn(t *testing.T, db store.Querier) (list []string) {
	var user int32
	var key, start int64
	var tokens []int32
	statement := store.Statement{SQL: `select user_key, session_key, (extract(epoch from start_ts) * 1000)::bigint, tokens from footfall.sessions`}
	require.NoError(t, statement.Each(t.Context(), db, []any{&user, &key, &start, &tokens}, func() error {
		list = append(list, fmt.Sprint(user, " ", key, " ", start, " ", tokens))
		return nil
	}))
	slices.Sort(list)
	return list
}

// A block that cannot be read says which, and what repairs it.
func TestDamagedBlocksAreNamed(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, sessionsOf(2000))
	seal(t, db, 0)
	_, err := db.Exec(t.Context(), `update footfall.blocks set tokens = '\x01' where id = (select min(id) from footfall.blocks)`)
	require.NoError(t, err)
	for _, byUser := range []bool{false, true} {
		scan := columns.Scan{From: history.Origin, To: history.Origin.AddDate(1, 0, 0), ByUser: byUser}
		_, err = scan.Read(t.Context(), db, func(int, *columns.Session) error { return nil })
		wrong := blocks.Error("")
		require.ErrorAs(t, err, &wrong)
		require.ErrorContains(t, err, "block 1 of bucket")
		require.ErrorContains(t, err, "footfall rebuild --columns")
	}
}
