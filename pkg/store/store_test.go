package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func TestStatusFollowsAnEventThroughTheStore(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	if _, err := pool.Exec(ctx, `
		insert into footfall.inbox (ts, type, usr_id, session_id, received_at)
		values ('2026-05-17T10:05:03Z', 'view', 'ann', 's', now() - interval '1 minute'),
		       ('2026-05-17T10:05:03Z', 'view', 'ann', 's', now()),
		       ('yesterday', 'view', 'ann', 's', now())`); err != nil {
		t.Fatal(err)
	}
	before, err := store.ReadStatus(ctx, pool)
	if err != nil {
		t.Fatal(err)
	}
	if before.Inbox != 3 || before.InboxAgeSeconds < 60 || before.InboxAgeSeconds > 600 || before.WorkerHeartbeat != nil {
		t.Errorf("before: %+v", before)
	}
	if _, err := rollup.Drain(ctx, pool, rollup.Options{Host: "here"}); err != nil {
		t.Fatal(err)
	}
	after, err := store.ReadStatus(ctx, pool)
	if err != nil {
		t.Fatal(err)
	}
	if after.Events != 1 || after.Sessions != 1 || after.Users != 1 || after.Duplicates != 1 || after.Rejected != 1 ||
		after.Inbox != 0 || after.InboxAgeSeconds != 0 || after.WorkerHost != "here" || after.LastBatchRows != 3 {
		t.Errorf("after: %+v", after)
	}
	if want := time.Date(2026, 5, 17, 10, 5, 3, 0, time.UTC); after.LastEvent == nil || !after.LastEvent.Equal(want) {
		t.Errorf("last event: got %v, want %v", after.LastEvent, want)
	}
}

// The newest event may be nobody's, in a session or in none.
func TestTheNewestEventMayBeNobodys(t *testing.T) {
	db := testdb.New(t)
	for i, c := range []struct{ user, session string }{{"ann", "s"}, {"", "t"}, {"", ""}, {"ann", "t"}} {
		ts := time.Date(2026, 5, 17+i, 0, 0, 0, 0, time.UTC)
		_, err := db.Exec(t.Context(), `
			insert into footfall.inbox (ts, type, usr_id, session_id) values ($1, 'view', $2, $3)`, ts.Format(time.RFC3339), c.user, c.session)
		require.NoError(t, err)
		_, err = rollup.Drain(t.Context(), db, rollup.Options{})
		require.NoError(t, err)
		s, err := store.ReadStatus(t.Context(), db)
		require.NoError(t, err)
		require.True(t, s.LastEvent.Equal(ts), "got %v, want %v", s.LastEvent, ts)
	}
}

func TestMoreThanAMillionRowsAreNotCounted(t *testing.T) {
	db := testdb.New(t)
	read := func() store.Status {
		s, err := store.ReadStatus(t.Context(), db)
		require.NoError(t, err)
		return s
	}
	_, err := db.Exec(t.Context(), `insert into footfall.inbox (ts) select 'x' from generate_series(1, 1000000)`)
	require.NoError(t, err)
	require.Equal(t, "1,000,000 rows", read().Waiting("row", "rows"))
	require.False(t, read().InboxMore)
	_, err = db.Exec(t.Context(), `insert into footfall.inbox (ts) values ('x'), ('x')`)
	require.NoError(t, err)
	require.Equal(t, "more than 1,000,000 rows", read().Waiting("row", "rows"))
	require.EqualValues(t, 1_000_000, read().Inbox)
}
