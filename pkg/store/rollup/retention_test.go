package rollup_test

import (
	"context"
	"testing"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A running worker applies retention. While a reader of the old events keeps it waiting, writers, the roll-up and other
// readers go on.
func TestWorkerAppliesRetentionBesideAReader(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	ago := func(d time.Duration) string { return time.Now().UTC().Add(-d).Format(time.RFC3339Nano) }
	const day = 24 * time.Hour
	view := func(d time.Duration, session string) event.Row {
		return event.Row{TS: ago(d), Type: "view", UserID: "ann", SessionID: session}
	}
	insert(t, pool, []event.Row{view(200*day, "old"), view(day, "new")})
	drain(t, pool, 10)
	if _, err := pool.Exec(ctx, `update footfall.settings set event_retention = '100 days', session_retention = '60 days'`); err != nil {
		t.Fatal(err)
	}
	reader, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Rollback(ctx) }()
	var seen int
	if err := reader.QueryRow(ctx, `select count(*) from footfall.events`).Scan(&seen); err != nil || seen != 2 {
		t.Fatalf("the reader sees %d events, %v", seen, err)
	}

	working, stop := context.WithCancel(ctx)
	removed := make(chan rollup.Removed, 1)
	ended := make(chan error)
	go func() {
		ended <- rollup.Run(working, pool, rollup.Options{
			Poll: 10 * time.Millisecond, OnRemoved: func(r rollup.Removed) { removed <- r },
			OnError: func(err error) { t.Errorf("the worker met an error: %v", err) },
		})
	}()
	waitFor(t, "retention to wait for the reader", func() bool {
		return count(t, pool, `select count(*) from pg_inherits where inhdetachpending`) == 1
	})
	insert(t, pool, []event.Row{view(time.Hour, "newer"), view(40*day, "in a month of its own")})
	waitUntilEmpty(t, pool)
	if n := count(t, pool, `select count(*) from footfall.events`); n != 3 {
		t.Errorf("another reader sees %d events, want the 3 that are kept", n)
	}
	select {
	case r := <-removed:
		t.Errorf("retention ended, %+v, while a reader still read what it removes", r)
	default:
	}
	if err := reader.Rollback(ctx); err != nil {
		t.Fatal(err)
	}
	if r := <-removed; r != (rollup.Removed{Events: 1, Sessions: 1}) {
		t.Errorf("removed %+v, want 1 event, 1 session", r)
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `select count(*) from footfall.worker where retained_at is not null and events = 3`); n != 1 {
		t.Error("the worker's row does not tell of the retention")
	}
}

// Upkeep takes the worker's lock and no dictionaries: it goes on where they cannot even be read.
func TestUpkeepLeavesTheDictionariesAlone(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	pool := testdb.New(t)
	insert(t, pool, []event.Row{{TS: "2001-01-01", Type: "view", UserID: "ann", Attributes: `{"usr.plan":"pro"}`}})
	drain(t, pool, 10)
	if _, err := pool.Exec(ctx, `update footfall.settings set event_retention = '1 year', session_retention = '1 year'`); err != nil {
		t.Fatal(err)
	}
	holder, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = holder.Rollback(context.Background()) }()
	if _, err := holder.Exec(ctx, `lock table footfall.contexts, footfall.traits in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	if removed, err := rollup.Retain(ctx, pool); err != nil || removed != (rollup.Removed{Events: 1, Sessions: 1}) {
		t.Errorf("retention: %+v, %v", removed, err)
	}
	if err := rollup.GroupPages(ctx, pool, []string{"/a/*"}); err != nil {
		t.Errorf("page groups: %v", err)
	}
	if f, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{"bob"}}, false); err != nil || f.Known {
		t.Errorf("forget: %+v, %v", f, err)
	}
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for until := time.Now().Add(2 * time.Minute); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(until) {
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
