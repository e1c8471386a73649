package rollup_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// After a user is forgotten the tables are as if this user's events had never come.
func TestForgetEqualsNeverCame(t *testing.T) {
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		clear(t, pool)
		first := rows(rt)
		other := altered(rt, first)
		all := slices.Concat(first, other)
		send := func() {
			for _, delivery := range [][]event.Row{first, other} {
				insert(t, pool, delivery)
				drain(t, pool, 1000)
			}
		}
		send()
		f, err := rollup.Forget(context.Background(), pool, "ann", false)
		if err != nil {
			rt.Fatal(err)
		}
		var rest []event.Event
		events := once(parse(t, all))
		giveUsers(inOrder(events))
		for _, e := range events {
			if e.user != "usr:ann" {
				rest = append(rest, e.Event)
			}
		}
		want := oracle(rest, defaultRules)
		requireWorld(rt, pool, want)
		requireTotals(t, pool, want)
		// Nothing is left that only ann's events said, and what others said still resolves.
		for _, table := range []string{"traits", "contexts"} {
			if n := count(t, pool, fmt.Sprintf(`
				select count(*) from footfall.%[1]s x where not exists (select from footfall.events e where e.%[2]s = x.id)`,
				table, map[string]string{"traits": "traits", "contexts": "context"}[table])); n != 0 && f.Known {
				rt.Fatalf("%d rows of %s are used by no event", n, table)
			}
		}
		// The worker goes on with the dictionaries as they are now.
		send()
		requireWorld(rt, pool, oracle(append(rest, parse(t, all)...), defaultRules))
	})
}

func TestForgetTakesWhatWaitsAndBlocksWhatComes(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	ann := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/secret-of-ann"}
	broken := ann
	broken.TS = "never"
	bob := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "bob", SessionID: "t", ViewPath: "/"}
	insert(t, pool, []event.Row{ann, broken, bob})
	drain(t, pool, 10)
	waiting, stitched := ann, ann
	waiting.TS, stitched.TS, stitched.UserID = "2025-05-18T10:05:03Z", "2025-05-18T10:05:04Z", ""
	insert(t, pool, []event.Row{waiting, stitched})

	f, err := rollup.Forget(ctx, pool, "ann", true)
	if err != nil {
		t.Fatal(err)
	}
	if !f.Known || f.Events != 1 || f.Sessions != 1 || f.Inbox != 2 || f.Rejected != 1 || f.Dictionaries < 2 {
		t.Errorf("got %+v", f)
	}
	insert(t, pool, []event.Row{ann, bob})
	drain(t, pool, 10)
	if n := count(t, pool, `select count(*) from footfall.events`); n != 1 {
		t.Errorf("%d events, want bob's one", n)
	}
	for _, table := range []string{"dictionary", "traits", "users", "user_keys", "rejected", "inbox"} {
		if n := count(t, pool, `select count(*) from footfall.`+table+` x where x::text like '%ann%'`); n != 0 {
			t.Errorf("%s still speaks of ann", table)
		}
	}
	again, err := rollup.Forget(ctx, pool, "ann", true)
	if err != nil || again.Known {
		t.Errorf("forgetting again: %+v, %v", again, err)
	}
}

// Retention removes whole months of events, and sessions; profiles keep their totals, and writers and readers go on.
func TestRetention(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	ago := func(d time.Duration) string { return time.Now().UTC().Add(-d).Format(time.RFC3339Nano) }
	const day = 24 * time.Hour
	insert(t, pool, []event.Row{
		{TS: ago(200 * day), Type: "view", UserID: "ann", SessionID: "old"},
		{TS: ago(199 * day), Type: "view", UserID: "ann", SessionID: "old"},
		{TS: ago(80 * day), Type: "view", UserID: "ann", SessionID: "middle"},
		{TS: ago(day), Type: "view", UserID: "ann", SessionID: "new"},
	})
	drain(t, pool, 10)
	if removed, err := rollup.Retain(ctx, pool); err != nil || removed != (rollup.Removed{}) {
		t.Fatalf("off by default: removed %+v, %v", removed, err)
	}
	if _, err := pool.Exec(ctx, `update footfall.settings set event_retention = '100 days'`); err == nil {
		t.Error("sessions without end with events that end were allowed")
	}
	if _, err := pool.Exec(ctx, `update footfall.settings set event_retention = '100 days', session_retention = '60 days'`); err != nil {
		t.Fatal(err)
	}
	reader, err := pool.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Rollback(ctx) }()
	var n int
	if err := reader.QueryRow(ctx, `select count(*) from footfall.profiles`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	removed, err := rollup.Retain(ctx, pool)
	if err != nil || removed != (rollup.Removed{Events: 2, Sessions: 2}) {
		t.Fatalf("removed %+v, %v; want 2 events, 2 sessions", removed, err)
	}
	if got := count(t, pool, `select events from footfall.profiles`); got != 4 {
		t.Errorf("the profile counts %d events, want 4", got)
	}
	if got := fmt.Sprint(count(t, pool, `select events from footfall.worker`), count(t, pool, `select sessions from footfall.worker`)); got != "2 1" {
		t.Errorf("totals: events, sessions = %s, want 2 1", got)
	}
	insert(t, pool, []event.Row{{TS: ago(70 * day), Type: "view", UserID: "ann", SessionID: "late"}})
	if report := drain(t, pool, 10); report.Rejected != 1 {
		t.Errorf("an event older than what is kept was not refused: %+v", report)
	}
	rebuild(t, pool)
	if got := count(t, pool, `select events + sessions from footfall.profiles`); got != 4+3 {
		t.Errorf("rebuilding changed the lifetime totals: %d", got)
	}
	if got := count(t, pool, `select count(*) from footfall.sessions`); got != 1 {
		t.Errorf("rebuilding brought back %d sessions", got-1)
	}
}
