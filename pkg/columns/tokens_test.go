package columns_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Tokens that were kept mean what they mean to who reads them anew, after everything that changes or adds some.
func TestTokensAreKeptAsTheyAre(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	kept := columns.NewTokens()
	read := func(tokens *columns.Tokens) (list []event.Token, readFrom any) {
		list, executed, err := tokens.Read(t.Context(), reader)
		require.NoError(t, err)
		return list, executed[1].Args[0]
	}
	compare := func() (readFrom any) {
		t.Helper()
		wanted, _ := read(nil)
		got, readFrom := read(kept)
		require.NotEmpty(t, wanted)
		require.Equal(t, wanted, got)
		return readFrom
	}
	add := func(path string) {
		_, err := db.Exec(t.Context(), `insert into footfall.inbox (ts, type, usr_id, session_id, view_url_path) values ('2026-01-01', 'view', 'ann', 's', $1)`, path)
		require.NoError(t, err)
		_, err = rollup.Drain(t.Context(), db, rollup.Options{})
		require.NoError(t, err)
	}
	history.Load(t, db, []event.Row{{TS: "2026-01-01", Type: "action", UserID: "bob", SessionID: "s", ViewPath: "/cart", ActionName: "buy"}})
	require.EqualValues(t, 0, compare())
	last := compare()
	require.NotEqualValues(t, 0, last, "nothing is read again")
	add("/product/1")
	require.Equal(t, last, compare(), "what has come is read")

	require.NoError(t, rollup.GroupPages(t.Context(), db, []string{"/product/*"}))
	require.EqualValues(t, 0, compare(), "pages are shown otherwise")
	compare()
	_, err := rollup.Forget(t.Context(), db, rollup.People{Users: []string{"bob"}}, false)
	require.NoError(t, err)
	add("/checkout")
	require.EqualValues(t, 0, compare(), "tokens have been forgotten, and their ids given to others")
	_, err = db.Exec(t.Context(), `create table tokens as table footfall.tokens; truncate footfall.tokens;
		insert into footfall.tokens select * from tokens order by id limit 1`)
	require.NoError(t, err)
	require.EqualValues(t, 0, compare(), "the table is another one")
}

// While some read, others may come to know more.
func TestTokensAreReadByMany(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, sessionsOf(2000))
	kept := columns.NewTokens()
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for range 50 {
				list, _, err := kept.Read(t.Context(), db)
				if err != nil {
					t.Error(err)
					return
				}
				for _, token := range list {
					_ = token.Page
				}
			}
		})
	}
	for i := range 50 {
		_, err := db.Exec(t.Context(), `insert into footfall.tokens (id, type, name) values ($1, 'custom', $1)`, 100+i)
		require.NoError(t, err)
	}
	readers.Wait()
	list, _, err := kept.Read(t.Context(), db)
	require.NoError(t, err)
	require.Len(t, list, 150)
}

// Who waits for another one's reading need not wait any longer than they want.
func TestTokensEndWithTheirReason(t *testing.T) {
	db := testdb.New(t)
	kept := columns.NewTokens()
	tx, err := db.Begin(t.Context())
	require.NoError(t, err)
	defer tx.Rollback(t.Context()) //nolint:errcheck // nothing was changed
	_, err = tx.Exec(t.Context(), `lock table footfall.tokens`)
	require.NoError(t, err)
	first, cancelFirst := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() {
		_, _, err := kept.Read(first, db)
		ended <- err
	}()
	require.Eventually(t, func() bool {
		var waits bool
		err := db.QueryRow(t.Context(), `select exists (select from pg_locks where not granted and relation = 'footfall.tokens'::regclass)`).Scan(&waits)
		return err == nil && waits
	}, 10*time.Second, 10*time.Millisecond)
	second, cancelSecond := context.WithCancel(t.Context())
	cancelSecond()
	_, _, err = kept.Read(second, db)
	require.ErrorIs(t, err, context.Canceled)
	cancelFirst()
	require.ErrorIs(t, <-ended, context.Canceled)
	require.NoError(t, tx.Rollback(t.Context()))
	list, _, err := kept.Read(t.Context(), db)
	require.NoError(t, err)
	require.Empty(t, list)
}
