package rollup_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// now is when the rows of the tests are parsed: after all of them.
var now = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// rows draws events from small pools, so that users, sessions, times and identities collide.
func rows(t *rapid.T) []event.Row {
	origin := rapid.SampledFrom([]int64{1_700_000_000_000, 950_000_000_000}).Draw(t, "origin")
	reports := rapid.SampledFrom([]string{"", "", "rage_click", "dead_click,error_click"})
	row := rapid.Custom(func(t *rapid.T) event.Row {
		pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
		at := origin + rapid.OneOf(
			rapid.Int64Range(0, 3), rapid.Int64Range(0, 4_000), rapid.Int64Range(0, 7_200_000), rapid.Int64Range(0, 90*86_400_000),
		).Draw(t, "at")
		r := event.Row{
			TS: strconv.FormatInt(at, 10), Type: pick("type", "view", "view", "action", "action", "action", "error", "custom"),
			ID:     rapid.SampledFrom([]string{"", "1", "2", "3", "4", "5", "6"}).Draw(t, "id"),
			Seq:    pick("seq", "", "", "1", "2", "9"),
			UserID: pick("user", "", "", "ann", "bob", "żółw'\"\\"), AnonymousID: pick("anonymous", "", "x", "y"),
			SessionID:     pick("session", "", "", "s1", "s2", "s3", "s4"),
			ApplicationID: pick("application", "", "shop", "blog"),
			ViewID:        pick("view", "", "v1", "v2"), ViewPath: pick("path", "", "/cart", "/product/12", "/product/13", "/Cart/", "/c%61rt?x=1"),
			ViewName: pick("view name", "", "Cart"),
			Country:  pick("country", "", "", "BR", "de", "Germany", "T1"), City: pick("city", "", "Recife"),
			DeviceType: pick("device", "", "mobile"), OSVersion: pick("os", "", "17"),
			UserName: pick("name", "", "", "Ann", "Ann B."), UserEmail: pick("email", "", "", "a@example.org"),
			Attributes: pick("attributes", "", "", `{"usr.plan":"pro"}`, `{"usr.plan":"free","price":1.50,"a":[1,{"b":null}]}`,
				`{"usr.plan":"7","usr.age":30,"price":"2.5","none":null}`, `{"usr.age":"old","price":"free","ż\"":true}`,
				`{"cart":{"total":7,"of":{"x.y":"z"}},"usr.cart":{"total":1}}`, `{"cart":{"total":"much","of":3},"cart.total":1}`),
			Duration: pick("duration", "", "12.5", "long"),
		}
		lengthen(t, &r)
		switch r.Type {
		case "action":
			r.ActionType, r.ActionName = pick("action", "click", "click", "click", "scroll"), pick("action name", "buy", "click on CHECKOUT")
			r.ActionTarget, r.Frustration = pick("target", "", "button"), reports.Draw(t, "reported")
		case "error":
			r.ErrorType, r.ErrorMessage = pick("error", "", "TypeError"), pick("message", "", "x is undefined")
		}
		return r
	})
	return unambiguous(t, rapid.SliceOfN(row, 1, 60).Draw(t, "rows"))
}

// unambiguous leaves out events that were sent before with another payload: of two that wait together the worker may
// take either first, so the oracle cannot know which one counts.
func unambiguous(t rapid.TB, all []event.Row) []event.Row {
	type place struct {
		identity
		user string // of versions of a view: the first that says a usr.id counts, wherever it comes
	}
	first := map[place]event.Row{}
	var rows []event.Row
	for i, e := range parse(t, all) {
		id := place{identity: identityOf(e)}
		if e.Version && e.UserID != "" {
			id.user = "some"
		}
		row := all[i]
		row.Import = 0
		if sent, known := first[id]; !known || sent == row {
			first[id] = row
			rows = append(rows, all[i])
		}
	}
	return rows
}

// lengthen now and then makes values as long as they may be.
func lengthen(t *rapid.T, r *event.Row) {
	switch rapid.IntRange(0, 60).Draw(t, "long") {
	case 1:
		r.UserID = strings.Repeat("ü", 256)
	case 2:
		r.SessionID, r.AnonymousID = strings.Repeat("s", 512), strings.Repeat("'", 512)
	case 3:
		r.ViewPath, r.ViewName = "/"+strings.Repeat("😀", 2047), strings.Repeat(`"`, 1024)
	case 4:
		r.City, r.UserName, r.UserEmail = strings.Repeat("ł", 512), strings.Repeat("n", 1024), strings.Repeat("@", 1024)
	case 5:
		r.Attributes = `{"text":"` + strings.Repeat("é", 32_000) + `"}`
	case 6:
		r.Type, r.ErrorType, r.ErrorMessage = "error", strings.Repeat("E", 1024), strings.Repeat("\n", 8192)
	}
}

// altered draws events that were sent already and now say something else. They must arrive after all others have been
// rolled up.
func altered(t *rapid.T, all []event.Row) []event.Row {
	rows := rapid.SliceOfN(rapid.SampledFrom(all), 0, 6).Draw(t, "altered")
	for i := range rows {
		switch r := &rows[i]; rapid.IntRange(0, 6).Draw(t, "change") {
		case 0:
			r.ViewName = "Another"
		case 1:
			r.Duration = "99"
		case 2:
			r.Attributes = `{"usr.plan":"secret","price":"none","other":1}`
		case 3:
			r.Country = "JP"
		case 4:
			r.Type, r.ErrorType = "error", "Another"
		case 5:
			r.SessionID = "s9"
		case 6:
			r.UserID = "eve"
		}
	}
	return unambiguous(t, rows)
}

// parse returns the events the rows stand for, as the worker would take them.
func parse(t rapid.TB, rows []event.Row) []event.Event {
	t.Helper()
	var events []event.Event
	for _, row := range rows {
		e, why := event.Parse(&row, now)
		if why != nil {
			t.Fatalf("the test's own row is refused: %v", why)
		}
		events = append(events, e)
	}
	return events
}

func insert(t testing.TB, pool *pgxpool.Pool, rows []event.Row) {
	t.Helper()
	if err := tryInsert(pool, rows); err != nil {
		t.Fatalf("insert: %v", err)
	}
}

func tryInsert(pool *pgxpool.Pool, rows []event.Row) error {
	var columns []string
	for _, field := range event.Fields {
		columns = append(columns, field.Column)
	}
	columns = append(columns, event.AttributesColumn, event.ImportColumn)
	_, err := pool.CopyFrom(context.Background(), pgx.Identifier{"footfall", "inbox"}, columns,
		pgx.CopyFromSlice(len(rows), func(i int) ([]any, error) {
			var values []any
			for _, field := range event.Fields {
				values = append(values, orNull(*field.Of(&rows[i])))
			}
			var id any
			if rows[i].Import != 0 {
				id = rows[i].Import
			}
			return append(values, orNull(rows[i].Attributes), id), nil
		}))
	return err
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func drain(t testing.TB, pool *pgxpool.Pool, batch int) rollup.Report {
	t.Helper()
	report, err := rollup.Drain(context.Background(), pool, rollup.Options{BatchSize: batch})
	if err != nil {
		t.Fatalf("drain: %v", err)
	}
	return report
}

func requireWorld(t rapid.TB, pool *pgxpool.Pool, want world) {
	t.Helper()
	if diff := diffWorlds(want, readWorld(t, pool)); diff != "" {
		t.Fatalf("tables differ from the oracle (-want +got):\n%s", diff)
	}
}

// Events late, doubled, shuffled, half anonymous, cut into batches anyhow: the tables are as if they had come at once.
func TestRollupEqualsOracle(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		all := rows(rt)
		again := rapid.SliceOfN(rapid.SampledFrom(all), 0, 10).Draw(rt, "again")
		all = append(all, again...)
		for from := 0; from < len(all); {
			n := rapid.IntRange(1, len(all)-from).Draw(rt, "delivery")
			insert(t, pool, all[from:from+n])
			drain(t, pool, rapid.SampledFrom([]int{1, 3, 1000}).Draw(rt, "batch"))
			from += n
		}
		other := altered(rt, all)
		insert(t, pool, other)
		drain(t, pool, 2)
		all = append(all, other...)
		want := oracle(parse(t, all), defaultRules)
		requireWorld(rt, pool, want)
		requireTotals(t, pool, want)
		requireNames(rt, pool, parse(t, all))
	})
}

func requireTotals(t testing.TB, pool *pgxpool.Pool, want world) {
	t.Helper()
	var events, sessions, users int
	if err := pool.QueryRow(context.Background(), `
		select events, sessions, users + anonymous from footfall.worker`).Scan(&events, &sessions, &users); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(events, sessions, users)
	if expected := fmt.Sprint(len(want.Events), len(want.Sessions), len(want.Profiles)); got != expected {
		t.Fatalf("totals in footfall.worker: events, sessions, profiles = %s, want %s", got, expected)
	}
}

func diffWorlds(want, got world) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

// Sessions and profiles computed again from events are those that stand; with other thresholds, those of the oracle.
func TestRebuildEqualsWhatStands(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		all := rows(rt)
		insert(t, pool, all)
		drain(t, pool, 7)
		rebuild(rt, pool)
		requireWorld(rt, pool, oracle(parse(t, all), defaultRules))

		other := rules{
			rageClicks: 2, rageWindow: 3000, errorWindow: 100, gap: 60_000, max: 3_600_000, sessionCap: 4,
			gapOf: map[string]int64{"shop": 5_000, "": 1_800_000},
			pages: map[string]event.PageRules{"": {Decode: true}, "blog": {FoldCase: true, KeepNumbers: event.NumberParts(0).With(2)}},
		}
		use(t, pool, other)
		defer use(t, pool, defaultRules)
		if _, err := pool.Exec(context.Background(), `delete from footfall.attribute_names`); err != nil {
			rt.Fatal(err)
		}
		rebuild(rt, pool)
		requireWorld(rt, pool, oracle(parse(t, all), other))
		requireNames(rt, pool, parse(t, all))
	})
}

func rebuild(t rapid.TB, pool *pgxpool.Pool) {
	t.Helper()
	if err := rollup.Rebuild(context.Background(), pool, func(_, _ int32) {}); err != nil {
		t.Fatalf("rebuild: %v", err)
	}
}

// use stores settings.
func use(t testing.TB, pool *pgxpool.Pool, r rules) {
	t.Helper()
	err := pgx.BeginFunc(context.Background(), pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(context.Background(), `
			update footfall.settings
			   set rage_clicks = $1, rage_window_ms = $2, error_click_window_ms = $3, session_gap_ms = $4,
			       session_max_ms = $5, session_event_cap = $6`,
			r.rageClicks, r.rageWindow, r.errorWindow, r.gap, r.max, r.sessionCap); err != nil {
			return err
		}
		if _, err := tx.Exec(context.Background(), `delete from footfall.applications`); err != nil {
			return err
		}
		for id, gap := range r.gapOf {
			if err := store.SetApplication(context.Background(), tx, store.Application{ID: &id, SessionGap: &gap}); err != nil {
				return err
			}
		}
		for id, own := range r.pages {
			places := []int16{}
			for place := range event.MaxNumberPart {
				if own.KeepNumbers.Has(place + 1) {
					places = append(places, int16(place+1))
				}
			}
			if err := store.SetApplication(context.Background(), tx, store.Application{
				ID: &id, HashRoutes: &own.HashRoutes, FoldSlash: &own.FoldSlash, FoldCase: &own.FoldCase, Decode: &own.Decode,
				KeepNumbers: &places,
			}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("settings: %v", err)
	}
}
