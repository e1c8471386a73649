package rollup_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// signed makes actions tell who did them, also in an attribute.
func signed(rows []event.Row) {
	for i := range rows {
		if r := &rows[i]; r.Type == "action" && r.UserID != "" {
			r.ActionTarget = "by " + r.UserID
			r.Attributes = `{"price":` + strings.ReplaceAll(strconv.Quote("said by "+r.UserID), `\'`, "'") + `}`
		}
	}
}

// After people are forgotten the tables are as if their events had never come.
func TestForgetEqualsNeverCame(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		first := rows(rt)
		other := altered(rt, first)
		signed(first)
		signed(other)
		all := slices.Concat(first, other)
		send := func() {
			half := len(first) / 2 // what is sealed meanwhile may turn out to be somebody else's
			for _, delivery := range [][]event.Row{first[:half], first[half:], other} {
				insert(t, pool, delivery)
				drain(t, pool, 1000)
			}
		}
		send()
		people := rollup.People{
			Users:     rapid.SliceOfN(rapid.SampledFrom([]string{"ann", "bob", "nobody's"}), 0, 3).Draw(rt, "users"),
			Anonymous: rapid.SliceOfN(rapid.SampledFrom([]string{"x", "y", "ann"}), 0, 2).Draw(rt, "anonymous"),
		}
		gone := map[string]bool{}
		for _, id := range people.Users {
			gone["usr:"+id] = true
		}
		for _, id := range people.Anonymous {
			gone["anonymous:"+id] = true
		}
		sealed := aboutToForget(rt, pool, people)
		f, err := rollup.Forget(context.Background(), pool, people, false)
		if err != nil {
			rt.Fatal(err)
		}
		sealed.require(rt, pool)
		var rest []event.Event
		events := once(parse(t, all))
		giveUsers(inOrder(events))
		missing := maps.Clone(gone)
		for _, e := range events {
			if !gone[e.user] {
				rest = append(rest, e.Event)
			}
			delete(missing, e.user)
		}
		want := oracle(rest, defaultRules)
		requireWorld(rt, pool, want)
		requireTotals(t, pool, want)
		// What a session's owner was given may have been kept as a conflict of the visitor's.
		for _, e := range events {
			if e.UserID == "" {
				delete(missing, "anonymous:"+e.AnonymousID)
			}
		}
		if got := f.NotFound.Len(); got < len(missing) || got+int(f.People) > len(gone) {
			rt.Fatalf("found %d, not found %+v, want %v", f.People, f.NotFound, missing)
		}
		// Nothing is left that only their events said, and what others said still resolves.
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

	f, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{"ann"}}, true)
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
	again, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{"ann"}}, true)
	if err != nil || again.Known {
		t.Errorf("forgetting again: %+v, %v", again, err)
	}
}

// An anonymous visitor is forgotten with what waits, except what a usr.id says of itself, and can be refused from then on.
func TestForgetAnonymousVisitors(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	x := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", AnonymousID: "x", SessionID: "s", ViewPath: "/secret-of-x", UserEmail: "x@x.org"}
	y, ann := x, x
	y.AnonymousID, y.ViewPath, y.UserEmail = "y", "/", ""
	ann.UserID, ann.SessionID, ann.ViewPath, ann.UserEmail = "ann", "t", "/", ""
	insert(t, pool, []event.Row{x, y, ann})
	drain(t, pool, 10)
	waiting, hers := x, ann
	waiting.TS, hers.TS = "2025-05-18T10:05:03Z", "2025-05-18T10:05:03Z"
	insert(t, pool, []event.Row{waiting, hers})
	f, err := rollup.Forget(ctx, pool, rollup.People{Anonymous: []string{"x", "z"}}, true)
	if err != nil {
		t.Fatal(err)
	}
	if f.People != 1 || f.Events != 1 || f.Sessions != 1 || f.Inbox != 1 || !slices.Equal(f.NotFound.Anonymous, []string{"z"}) {
		t.Errorf("got %+v", f)
	}
	insert(t, pool, []event.Row{x})
	if report := drain(t, pool, 10); report.Rejected != 1 || report.Events != 1 {
		t.Errorf("got %+v, want x refused and ann's event taken", report)
	}
	if n := count(t, pool, `select count(*) from footfall.users where id in ('x', 'y', 'ann')`); n != 2 {
		t.Errorf("%d users, want ann and y", n)
	}
	for _, table := range []string{"dictionary", "traits", "users", "rejected", "inbox"} {
		if n := count(t, pool, `select count(*) from footfall.`+table+` r where r::text like '%secret%' or r::text like '%x@x.org%'`); n != 0 {
			t.Errorf("%s still speaks of x", table)
		}
	}
}

// Forgetting many takes no more statements than forgetting one.
func TestForgetManyAtOnce(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	if _, err := pool.Exec(ctx, `
		insert into footfall.inbox (ts, type, usr_id, session_id)
		select '2025-05-17T10:05:03Z', 'view', 'u' || i, 's' || i from generate_series(1, 20000) i`); err != nil {
		t.Fatal(err)
	}
	drain(t, pool, 20_000)
	var ids []string
	for i := range 15_000 {
		ids = append(ids, fmt.Sprintf("u%d", i+1))
	}
	statements := 0
	counting, err := pgxpool.NewWithConfig(ctx, countStatements(pool, &statements))
	if err != nil {
		t.Fatal(err)
	}
	defer counting.Close()
	if _, err := rollup.Forget(ctx, counting, rollup.People{Users: []string{"u20000"}}, false); err != nil {
		t.Fatal(err)
	}
	one := statements
	f, err := rollup.Forget(ctx, counting, rollup.People{Users: ids}, false)
	if err != nil || f.Events != 15_000 || f.NotFound.Len() != 0 {
		t.Fatalf("got %+v, %v", f, err)
	}
	if statements-one > one {
		t.Errorf("%d statements for 15,000 users, %d for one", statements-one, one)
	}
	if n := count(t, pool, `select count(*) from footfall.profiles`); n != 4_999 {
		t.Errorf("%d profiles are left, want 4,999", n)
	}
}

// countStatements configures a pool like another one whose statements are counted.
func countStatements(pool *pgxpool.Pool, n *int) *pgxpool.Config {
	config := pool.Config().Copy()
	config.ConnConfig.Tracer = tracer(func() { *n++ })
	return config
}

type tracer func()

func (t tracer) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	t()
	return ctx
}
func (tracer) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

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
