package rollup_test

import (
	"context"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// badRows are all the ways in which a row in the inbox can break a rule, by field and kind: those that reject it, and
// those that leave something out.
func badRows(good event.Row) (rejected, kept []event.Row) {
	add := func(name string, change func(*event.Row)) {
		row := good
		row.Source = name // to compare with what the worker says
		change(&row)
		rejects := slices.ContainsFunc(event.Fields, func(f event.Field) bool { return f.Name == name && f.Rejects })
		if rejects {
			rejected = append(rejected, row)
		} else {
			row.ID = strconv.Itoa(len(kept))
			kept = append(kept, row)
		}
	}
	for _, field := range event.Fields {
		add(field.Name, func(r *event.Row) { *field.Of(r) = strings.Repeat("9", field.Max+1) })
	}
	for field, values := range map[string][]string{
		"ts":                      {"", "soon", "2025-13-01", "1999-12-31T23:59:59Z", "2999-01-01", "12"},
		"type":                    {"", "View", "click"},
		"seq":                     {"1.5", "one", "9223372036854775808"},
		"duration":                {"long", "-1", "NaN", "Infinity", "1e16"},
		"geo.country_iso_code":    {"Atlantis", "B", "é", "1", "T1", "(not set)"},
		"action.frustration.type": {"anger", `["anger"]`},
	} {
		for _, value := range values {
			for _, known := range event.Fields {
				if known.Name == field {
					add(field, func(r *event.Row) { *known.Of(r) = value })
				}
			}
		}
	}
	for _, value := range []string{
		`[]`, `[{"a":1}]`, `null`, `"text"`, `7`, `{"a":1}{}`, `{"a":`, `{'a':1}`, `{"a":"\u0000"}`, `{"a":1e9999}`,
		`{"a":"` + strings.Repeat("x", 5<<20) + `"}`, `[` + strings.Repeat(`"x",`, 1_300_000) + `"x"]`, // 5 MB
		strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100),
	} {
		add("attributes", func(r *event.Row) { r.Attributes = value })
	}
	return rejected, kept
}

// A bad row ends in rejected with its field and reason; the rest of its batch goes through.
func TestBadRowsDoNotStopTheOthers(t *testing.T) {
	pool := testdb.New(t)
	good := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/"}
	after := event.Row{TS: "2025-05-17T10:06:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/cart"}
	bad, kept := badRows(good)
	all := slices.Concat([]event.Row{good}, bad, kept, []event.Row{after})
	if _, err := ingest.CopyRows(context.Background(), pool, each(all)); err != nil {
		t.Fatal(err)
	}
	report := drain(t, pool, 1000)
	if report.Taken != int64(len(all)) || report.Events != int64(2+len(kept)) || report.LeftOut != int64(len(kept)) || report.Rejected != int64(len(bad)) {
		t.Fatalf("got %+v, want %d rejected, %d kept with something left out", report, len(bad), len(kept))
	}
	if n := count(t, pool, `
		select count(*)
		  from footfall.rejected
		 where field = source and reason <> '' and usr_id is not null and received_at is not null and sqlstate is null
		   and (row ? field or reason like '%missing%')`); n != len(bad) {
		t.Errorf("%d of %d rejected rows name their field, give a reason and the row as it came", n, len(bad))
	}
	requireWorld(t, pool, oracle(parse(t, slices.Concat([]event.Row{good}, kept, []event.Row{after})), defaultRules))
	if n := count(t, pool, `select sum(times) from footfall.left_out where field = source and sample <> '' and usr_id = 'ann'`); n != len(kept) {
		t.Errorf("%d of %d values that were left out are counted, with field and sample", n, len(kept))
	}
	if _, err := rollup.Forget(context.Background(), pool, rollup.People{Users: []string{"ann"}}, false); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `select count(*) from footfall.left_out where sample is not null or source is not null or usr_id is not null`); n != 0 {
		t.Errorf("%d samples of a user who is forgotten are kept", n)
	}
}

// What is left out is counted with the event it belongs to, so once.
func TestLeftOutCountsOnce(t *testing.T) {
	pool := testdb.New(t)
	row := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "ann", Country: "T1", Duration: "-1"}
	for range 2 {
		insert(t, pool, []event.Row{row, row})
		drain(t, pool, 10)
	}
	if n := count(t, pool, `select sum(times) from footfall.left_out`); n != 2 {
		t.Errorf("%d values left out, want 2", n)
	}
	if n := count(t, pool, `select conflicts from footfall.worker`); n != 0 {
		t.Errorf("%d conflicts, want none", n)
	}
}

// each returns one row after the other.
func each(rows []event.Row) func() (*event.Row, error) {
	i := 0
	return func() (*event.Row, error) {
		if i == len(rows) {
			return nil, nil
		}
		i++
		return &rows[i-1], nil
	}
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

// Counters that are behind, as after restoring a part of a dump, are no row's fault: the worker stops and says so.
func TestStoreThatContradictsItselfRejectsNothing(t *testing.T) {
	for _, counter := range []string{"user_key", "dictionary_id", "token_id", "context_id", "traits_id"} {
		t.Run(counter, func(t *testing.T) {
			pool := testdb.New(t)
			insert(t, pool, []event.Row{{TS: "2025-05-17", Type: "view", UserID: "ann", ViewPath: "/a", Country: "DE", Attributes: `{"usr.plan":"pro"}`}})
			drain(t, pool, 10)
			if _, err := pool.Exec(t.Context(), `update footfall.worker set `+counter+` = 0, epoch = epoch + 1`); err != nil {
				t.Fatal(err)
			}
			insert(t, pool, []event.Row{{TS: "2025-05-18", Type: "view", UserID: "bob", ViewPath: "/b", Country: "FR", Attributes: `{"usr.plan":"free"}`}})
			for _, work := range []func() error{
				func() error { _, err := rollup.Drain(t.Context(), pool, rollup.Options{}); return err },
				func() error { return rollup.Run(t.Context(), pool, rollup.Options{}) },
			} {
				if err := work(); err == nil || !strings.Contains(err.Error(), "the store contradicts itself") {
					t.Errorf("got %v", err)
				}
			}
			if n := count(t, pool, `select count(*) from footfall.inbox`); n != 1 {
				t.Errorf("%d rows wait, want 1", n)
			}
			if n := count(t, pool, `select count(*) from footfall.rejected`); n != 0 {
				t.Errorf("%d rows were rejected", n)
			}
			if n := count(t, pool, `select count(*) from footfall.worker where last_error like 'the store contradicts itself%'`); n != 1 {
				t.Error("status does not tell")
			}
			if _, err := pool.Exec(t.Context(), documented(t, "select max(key) from footfall.users")); err != nil {
				t.Fatal(err)
			}
			if r := drain(t, pool, 10); r.Events != 1 {
				t.Errorf("after mending: %+v", r)
			}
		})
	}
}

// documented returns the block of docs/operations.md that holds a text.
func documented(t *testing.T, holds string) string {
	t.Helper()
	text, err := os.ReadFile("../../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range strings.Split(string(text), "```") {
		if strings.Contains(block, holds) {
			return strings.TrimPrefix(block, "sql")
		}
	}
	t.Fatalf("docs/operations.md has no block with %q", holds)
	return ""
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
	if n := count(t, pool, `select count(*) from footfall.conflicts where fields = '{view.url_path}' and usr_id = 'ann'`); n != 3 {
		t.Errorf("%d conflicts are kept as samples, want 3", n)
	}
}

func TestLatestConflictsAreKept(t *testing.T) {
	pool := testdb.New(t)
	row := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", ID: "1", UserID: "ann", SessionID: "s"}
	insert(t, pool, []event.Row{row})
	drain(t, pool, 10)
	for i := range 250 {
		row.Duration = strconv.Itoa(i)
		insert(t, pool, []event.Row{row})
	}
	drain(t, pool, 90)
	if n := count(t, pool, `select count(*) from footfall.conflicts`); n != 100 {
		t.Errorf("%d conflicts are kept, want 100", n)
	}
	if n := count(t, pool, `select min((row ->> 'duration')::int) from footfall.conflicts`); n < 90 {
		t.Errorf("conflict %d of the first batch of 90 is kept, not of the last two", n)
	}
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
