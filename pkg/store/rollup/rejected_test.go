package rollup_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/devtools/testdb"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// A bad row ends in rejected with its field and reason; the rest of its batch goes through.
func TestBadRowsDoNotStopTheOthers(t *testing.T) {
	pool := testdb.New(t)
	good := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/"}
	all := []event.Row{good}
	fields := []string{"ts", "type", "usr.id", "attributes", "duration"}
	for i, change := range []func(*event.Row){
		func(r *event.Row) { r.TS = "soon" },
		func(r *event.Row) { r.Type = "" },
		func(r *event.Row) { r.UserID = strings.Repeat("x", 600) },
		func(r *event.Row) { r.Attributes = `[` + strings.Repeat(`"x",`, 1_300_000) + `"x"]` }, // 5 MB
		func(r *event.Row) { r.Duration = "long" },
	} {
		bad := good
		change(&bad)
		bad.Source = fields[i]
		all = append(all, bad)
	}
	all = append(all, event.Row{TS: "2025-05-17T10:06:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/cart"})
	insert(t, pool, all)
	report := drain(t, pool, 1000)
	if report.Taken != 7 || report.Events != 2 || report.Rejected != 5 {
		t.Fatalf("got %+v", report)
	}
	for _, field := range fields {
		if n := count(t, pool, `select count(*) from footfall.rejected where field = $1 and reason <> '' and row ->> 'type' is distinct from ''`, field); n != 1 {
			t.Errorf("%d rejected rows for %s, want 1", n, field)
		}
	}
	requireWorld(t, pool, oracle(parse(t, []event.Row{all[0], all[6]}), defaultRules))
}

// What Postgres refuses in spite of all checks is found by halving, and rejected with the SQLSTATE.
func TestRowThatPostgresRefusesIsFound(t *testing.T) {
	pool := testdb.New(t)
	if _, err := pool.Exec(context.Background(), `alter table footfall.events add check (path <> '/bad?')`); err != nil {
		t.Fatal(err)
	}
	var all []event.Row
	for i := range 100 {
		row := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", ID: string(rune('a' + i)), UserID: "ann", SessionID: "s", ViewPath: "/7"}
		all = append(all, row)
	}
	all[37].ViewPath = "/bad?"
	insert(t, pool, all)
	report := drain(t, pool, 1000)
	if report.Taken != 100 || report.Events != 99 || report.Rejected != 1 {
		t.Fatalf("got %+v", report)
	}
	if n := count(t, pool, `select count(*) from footfall.rejected where sqlstate = '23514' and row ->> 'view.url_path' = '/bad?'`); n != 1 {
		t.Errorf("the row is not among the rejected")
	}
}

func TestConflictsAreCountedAndTheFirstWins(t *testing.T) {
	pool := testdb.New(t)
	first := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", ID: "1", UserID: "ann", SessionID: "s", ViewPath: "/", Seq: "1",
		Attributes: `{"price": 1e2, "b": {"x": 1, "a": 2}}`}
	again, other := first, first
	again.Seq, again.Attributes = "2", `{"b": {"a": 2, "x": 1}, "price": 100}`
	other.ViewPath = "/other"
	for _, row := range []event.Row{first, again, other} {
		insert(t, pool, []event.Row{row})
		drain(t, pool, 10)
	}
	insert(t, pool, []event.Row{again, other, other})
	drain(t, pool, 10)
	if n := count(t, pool, `select duplicates from footfall.worker`); n != 5 {
		t.Errorf("%d duplicates, want 5", n)
	}
	// In one batch, `other` differs from `again`, which is first there.
	if n := count(t, pool, `select conflicts from footfall.worker`); n != 3 {
		t.Errorf("%d conflicts, want 3", n)
	}
	requireWorld(t, pool, oracle(parse(t, []event.Row{first}), defaultRules))
}

func TestTokensBeyondTheCapBecomeOther(t *testing.T) {
	pool := testdb.New(t)
	if _, err := pool.Exec(context.Background(), `update footfall.settings set token_cap = 2`); err != nil {
		t.Fatal(err)
	}
	var all []event.Row
	for _, page := range []string{"/a", "/b", "/c", "/d", "/a"} {
		all = append(all, event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", ID: "1" + page, Seq: "1", UserID: "ann", SessionID: "s", ViewPath: page})
	}
	all[4].ID = "last"
	insert(t, pool, all)
	drain(t, pool, 10)
	if n := count(t, pool, `select count(*) from footfall.tokens`); n != 3 {
		t.Errorf("%d tokens, want /a, /b and (other)", n)
	}
	if n := count(t, pool, `
		select count(*) from footfall.events e join footfall.tokens t on t.id = e.token join footfall.dictionary d on d.id = t.page
		 where d.value = '(other)'`); n != 2 {
		t.Errorf("%d events with the token (other), want 2", n)
	}
	if n := count(t, pool, `select events from footfall.sessions`); n != 5 {
		t.Errorf("the session counts %d events, want 5", n)
	}
}

func count(t testing.TB, pool *pgxpool.Pool, sql string, args ...any) int {
	t.Helper()
	var n int
	if err := pool.QueryRow(context.Background(), sql, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return n
}
