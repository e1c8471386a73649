package rollup_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// newImport registers an import and returns its id.
func newImport(t testing.TB, pool *pgxpool.Pool) int32 {
	t.Helper()
	var id int32
	if err := pool.QueryRow(context.Background(), `
		insert into footfall.imports (name, files, state) values ('test', '{}', 'done') returning id`).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

func undo(t rapid.TB, pool *pgxpool.Pool, id int32, step int) rollup.Undone {
	t.Helper()
	undone, err := rollup.Undo(context.Background(), pool, id, rollup.UndoOptions{Step: step})
	if err != nil {
		t.Fatalf("undo: %v", err)
	}
	return undone
}

// without leaves out what an import brought.
func without(all []event.Row, id int32) []event.Row {
	return slices.DeleteFunc(slices.Clone(all), func(r event.Row) bool { return r.Import == id })
}

// by marks rows as brought by an import.
func by(id int32, all []event.Row) []event.Row {
	all = slices.Clone(all)
	for i := range all {
		all[i].Import = id
	}
	return all
}

// Imports and live writers send what they like, also each other's events, and some imports are taken back: the tables are
// as if these had never been.
func TestUndoneImportsEqualNone(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		drawSealing(t, rt, pool)
		if _, err := pool.Exec(context.Background(), `delete from footfall.segment_members`); err != nil {
			t.Fatal(err)
		}
		sources := []int32{0, 0, newImport(t, pool), newImport(t, pool), newImport(t, pool)}
		var arrived []event.Row
		for range rapid.IntRange(1, 4).Draw(rt, "deliveries") {
			part := rows(rt)
			if len(arrived) > 0 {
				part = append(part, rapid.SliceOfN(rapid.SampledFrom(arrived), 0, 10).Draw(rt, "again")...)
				part = append(part, altered(rt, arrived)...)
			}
			part = append(part, rapid.SliceOfN(rapid.SampledFrom(part), 0, 10).Draw(rt, "twice")...)
			// docs/import.md says what is not given back of versions of a view.
			for i := range part {
				part[i].ViewID = ""
			}
			part = unambiguous(rt, part)
			for i := range part {
				part[i].Import = rapid.SampledFrom(sources).Draw(rt, "source")
			}
			insert(t, pool, part)
			arrived = append(arrived, part...)
			if rapid.Bool().Draw(rt, "some are rolled up") {
				drain(t, pool, rapid.SampledFrom([]int{1, 5, 1000}).Draw(rt, "batch"))
				count(t, pool, `with added as (
					insert into footfall.segment_members (user_key, segment_key) select user_key, 1 from footfall.profiles
					    on conflict do nothing
					returning 1) select count(*) from added`)
			}
			if len(sources) > 2 && rapid.Bool().Draw(rt, "one is taken back") {
				i := rapid.IntRange(2, len(sources)-1).Draw(rt, "which")
				undo(rt, pool, sources[i], rapid.SampledFrom([]int{1, 4, 1000}).Draw(rt, "step"))
				arrived = without(arrived, sources[i])
				sources = slices.Delete(sources, i, i+1)
			}
			drain(t, pool, 1000)
		}
		requireStore(rt, pool, arrived)
	})
}

// requireStore compares all that the store holds with what the rows amount to.
func requireStore(t rapid.TB, pool *pgxpool.Pool, arrived []event.Row) {
	t.Helper()
	events := parse(t, arrived)
	want := oracle(events, defaultRules)
	requireWorld(t, pool, want)
	requireNames(t, pool, events)
	ctx := context.Background()
	var got, users string
	if err := pool.QueryRow(ctx, `
		select concat_ws(' ', events, sessions, users + anonymous, duplicates, rejected) from footfall.worker`).Scan(&got); err != nil {
		t.Fatal(err)
	}
	expected := fmt.Sprint(len(want.Events), " ", len(want.Sessions), " ", len(want.Profiles), " ", len(arrived)-len(want.Events), " 0")
	if got != expected {
		t.Fatalf("totals in footfall.worker: events, sessions, profiles, duplicates, rejected = %s, want %s", got, expected)
	}
	// A version of a view that did not count may have named a user, who has no event then.
	if err := pool.QueryRow(ctx, `
		select concat_ws(' ', count(*) filter (where kind <> 'none' and exists (select from footfall.events e where e.user_key = u.key)),
		                 count(*) filter (where kind = 'none' and not exists (select from footfall.events e where e.user_key = u.key)),
		                 count(*) - (select count(*) from footfall.user_keys k where exists (select from footfall.users u where u.key = k.key)),
		                 count(*) - (select count(*) from footfall.user_keys))
		  from footfall.users u`).Scan(&users); err != nil {
		t.Fatal(err)
	}
	if expected := fmt.Sprint(len(want.Profiles), " 0 0 0"); users != expected {
		t.Fatalf("users with events, nobodies without events, and users without or with too many keys = %s, want %s", users, expected)
	}
	var strangers int
	if err := pool.QueryRow(ctx, `
		select count(*) from footfall.segment_members m
		 where not exists (select from footfall.profiles p where p.user_key = m.user_key)`).Scan(&strangers); err != nil {
		t.Fatal(err)
	}
	if strangers != 0 {
		t.Fatalf("%d members of segments are no users any more", strangers)
	}
	requireCountedImports(t, pool)
}

// requireCountedImports: footfall.imports tells how many events of each import are stored.
func requireCountedImports(t rapid.TB, pool *pgxpool.Pool) {
	t.Helper()
	var wrong int
	if err := pool.QueryRow(context.Background(), `
		select count(*) from footfall.imports i
		 where i.events <> (select count(*) from footfall.events e where e.import_id = i.id)`).Scan(&wrong); err != nil {
		t.Fatal(err)
	}
	if wrong != 0 {
		t.Fatalf("%d imports count other events than are stored", wrong)
	}
}

func view(ts, id, user, session string) event.Row {
	return event.Row{TS: "2025-05-17T10:" + ts, Type: "view", ID: id, UserID: user, SessionID: session, ViewPath: "/" + id}
}

func text(t testing.TB, pool *pgxpool.Pool, sql string) string {
	t.Helper()
	var text string
	if err := pool.QueryRow(context.Background(), sql).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return text
}

// What tells of an import apart from events goes with it: rejected rows, conflicts, their counts, what waits in the inbox,
// texts and names. Segments are computed again.
func TestUndoTakesWhatElseTellsOfTheImport(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	first, second := newImport(t, pool), newImport(t, pool)
	kept := []event.Row{view("00:00Z", "1", "ann", "s"), view("01:00Z", "2", "ann", "s")}
	kept[0].Attributes = `{"price":1}`
	brought := []event.Row{view("00:00Z", "1", "ann", "s"), view("09:00Z", "9", "eve", "s9"), view("10:00Z", "10", "", ""), {TS: "never"}}
	brought[0].ViewName, brought[1].Attributes = "Another", `{"price":"none","usr.plan":"pro","only":1}`
	corrected := by(second, []event.Row{view("09:00Z", "9", "eve", "s9")})
	corrected[0].ViewName = "Right"
	insert(t, pool, kept)
	drain(t, pool, 10)
	insert(t, pool, by(first, brought))
	drain(t, pool, 10)
	insert(t, pool, corrected)
	drain(t, pool, 10)
	insert(t, pool, by(first, []event.Row{view("11:00Z", "11", "bob", "")}))
	if _, err := pool.Exec(ctx, `
		insert into footfall.segments (id, name, kind, definition, stale, created_by, changed_by)
		values ('all', 'All', 'dynamic', '{"where": {"users": "events:>0"}}', false, 'x', 'x')`); err != nil {
		t.Fatal(err)
	}
	const counts = `select concat_ws(' ', duplicates, conflicts, rejected) from footfall.worker`
	if got := text(t, pool, counts); got != "2 2 1" {
		t.Fatalf("duplicates, conflicts, rejected = %s before", got)
	}
	if got := text(t, pool, `select concat_ws(' ', conflicts, conflicts_with) from footfall.imports where id = 2`); got != "1 1" {
		t.Errorf("the second import counts the conflicts %s, want 1 with import 1", got)
	}
	plan, err := rollup.PlanUndo(ctx, pool, first)
	if err != nil || plan.Events != 2 || plan.Users != 2 || plan.Waiting != 1 || plan.Held != 1 {
		t.Errorf("the plan is %+v, %v; want 2 events of 2 users, 1 waiting row, 1 held", plan, err)
	}
	undone := undo(t, pool, first, 0)
	if undone.Events != 2 || undone.Waiting != 1 || undone.Restored != 1 || undone.Rejected != 1 || undone.Dictionaries == 0 {
		t.Errorf("undo reports %+v", undone)
	}
	requireStore(t, pool, append(kept, corrected...))
	if got := text(t, pool, counts); got != "0 0 0" {
		t.Errorf("duplicates, conflicts, rejected = %s, want none", got)
	}
	for _, table := range []string{"rejected", "conflicts", "import_duplicates", "inbox"} {
		if n := count(t, pool, `select count(*) from footfall.`+table); n != 0 {
			t.Errorf("footfall.%s has %d rows still", table, n)
		}
	}
	if n := count(t, pool, `select count(*) from footfall.dictionary where value in ('/10', 'Another')`); n != 0 {
		t.Errorf("%d texts of the import are left", n)
	}
	if got := text(t, pool, `select stale::text from footfall.segments`); got != "true" {
		t.Error("the segment is not marked stale")
	}
	if got := text(t, pool, `select concat_ws(' ', state, undone_by, events) from footfall.imports where id = 1`); got != "undone postgres 0" {
		t.Errorf("footfall.imports says %s", got)
	}
	if _, err := rollup.Undo(ctx, pool, first, rollup.UndoOptions{}); !errors.Is(err, rollup.ErrUndone) {
		t.Errorf("undoing again: %v", err)
	}
	if _, err := rollup.Undo(ctx, pool, 99, rollup.UndoOptions{}); !errors.Is(err, rollup.ErrNoImport) {
		t.Errorf("undoing what is not there: %v", err)
	}
}

// A row can be kept out by an import's row that was a duplicate itself.
func TestUndoRestoresWhatDuplicatesKeptOut(t *testing.T) {
	for _, order := range [][]int32{{1, 2}, {2, 1}} {
		pool := testdb.New(t)
		newImport(t, pool)
		newImport(t, pool)
		row := []event.Row{view("00:00Z", "1", "ann", "s")}
		insert(t, pool, by(1, row))
		drain(t, pool, 10)
		insert(t, pool, append(by(2, row), row...))
		drain(t, pool, 10)
		for _, id := range order {
			undo(t, pool, id, 1)
		}
		requireStore(t, pool, row)
	}
}

// A row that goes from one import's keeping to another's still arrived before what came after it.
func TestUndoKeepsTheOrderOfArrival(t *testing.T) {
	pool := testdb.New(t)
	stored, between := newImport(t, pool), newImport(t, pool)
	row, earlier, later := view("00:00Z", "1", "ann", "s"), view("00:00Z", "1", "ann", "s"), view("00:00Z", "1", "ann", "s")
	earlier.ViewName, later.ViewName = "Earlier", "Later"
	insert(t, pool, by(stored, []event.Row{row}))
	drain(t, pool, 10)
	insert(t, pool, append(by(between, []event.Row{row}), earlier))
	drain(t, pool, 10)
	insert(t, pool, []event.Row{later})
	drain(t, pool, 10)
	undo(t, pool, between, 0)
	undo(t, pool, stored, 0)
	requireStore(t, pool, []event.Row{earlier, later})
}

// Old imports cannot be taken back, and nothing is kept for them.
func TestImportsAreClosed(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	id := newImport(t, pool)
	row := []event.Row{view("00:00Z", "1", "ann", "s")}
	insert(t, pool, by(id, row))
	drain(t, pool, 10)
	insert(t, pool, row)
	drain(t, pool, 10)
	if n := count(t, pool, `select count(*) from footfall.import_duplicates`); n != 1 {
		t.Fatalf("%d rows are kept, want 1", n)
	}
	if _, err := pool.Exec(ctx, `update footfall.imports set ended_at = now() - interval '91 days'`); err != nil {
		t.Fatal(err)
	}
	if _, err := rollup.Undo(ctx, pool, id, rollup.UndoOptions{}); !errors.Is(err, rollup.ErrUndoClosed) {
		t.Errorf("got %v, want ErrUndoClosed", err)
	}
	insert(t, pool, row)
	drain(t, pool, 10)
	if n := count(t, pool, `select count(*) from footfall.import_duplicates`); n != 1 {
		t.Errorf("%d rows are kept, want no more", n)
	}
	if _, err := rollup.Retain(ctx, pool); err != nil {
		t.Fatal(err)
	}
	if n := count(t, pool, `select count(*) from footfall.import_duplicates`); n != 0 {
		t.Errorf("%d rows are kept still", n)
	}
	if _, err := pool.Exec(ctx, `update footfall.settings set import_undo = null`); err != nil {
		t.Fatal(err)
	}
	undo(t, pool, id, 0)
}

// Who was forgotten is forgotten in what is kept for taking imports back, too.
func TestForgottenUsersStayForgotten(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	id := newImport(t, pool)
	visitor := view("01:00Z", "2", "", "s")
	visitor.AnonymousID = "x"
	live := []event.Row{view("00:00Z", "1", "ann", "s"), visitor, view("00:00Z", "3", "bob", "t")}
	insert(t, pool, by(id, live))
	drain(t, pool, 10)
	insert(t, pool, live)
	drain(t, pool, 10)
	if n := count(t, pool, `select count(*) from footfall.import_duplicates`); n != 3 {
		t.Fatalf("%d rows are kept, want 3", n)
	}
	if _, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{"ann"}}, true); err != nil {
		t.Fatal(err)
	}
	undo(t, pool, id, 1)
	requireWorld(t, pool, oracle(parse(t, live[2:]), defaultRules))
}

// Where an import said whose session it is, a forgotten visitor does not come back with the import's end.
func TestForgottenVisitorsStayForgotten(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	id := newImport(t, pool)
	visitor := view("01:00Z", "2", "", "s")
	visitor.AnonymousID = "x"
	insert(t, pool, append(by(id, []event.Row{view("00:00Z", "1", "ann", "s")}), visitor))
	drain(t, pool, 10)
	if n := count(t, pool, `select count(*) from footfall.events where anonymous_id = 'x'`); n != 1 {
		t.Fatalf("%d events remember the visitor, want 1", n)
	}
	if _, err := rollup.Forget(ctx, pool, rollup.People{Anonymous: []string{"x"}}, false); err != nil {
		t.Fatal(err)
	}
	undo(t, pool, id, 1)
	if got := text(t, pool, `select string_agg(kind || ':' || id, ' ') from footfall.users`); got != "none:session:s" {
		t.Errorf("the users are %s, want nobody", got)
	}
}

// What an import's rows are kept in has the inbox's columns.
func TestDuplicatesAreKeptAsTheyStoodInTheInbox(t *testing.T) {
	pool := testdb.New(t)
	if n := count(t, pool, `
		select count(*)
		  from pg_attribute i
		  left join pg_attribute d on d.attrelid = 'footfall.import_duplicates'::regclass and d.attname = i.attname
		   and d.atttypid = i.atttypid
		 where i.attrelid = 'footfall.inbox'::regclass and i.attnum > 0 and not i.attisdropped and d.attname is null`); n != 0 {
		t.Errorf("%d columns of the inbox are not in footfall.import_duplicates", n)
	}
}

// What retention has removed stays counted in profiles; what it has left goes.
func TestUndoAfterRetention(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	id := newImport(t, pool)
	const day = 24 * time.Hour
	at := func(days int, session string) event.Row {
		return event.Row{TS: time.Now().UTC().Add(-time.Duration(days) * day).Format(time.RFC3339), Type: "view", UserID: "ann", SessionID: session}
	}
	insert(t, pool, by(id, []event.Row{at(200, "old"), at(10, "brought")}))
	insert(t, pool, []event.Row{at(5, "live")})
	drain(t, pool, 10)
	if _, err := pool.Exec(ctx, `update footfall.settings set event_retention = '100 days', session_retention = '60 days'`); err != nil {
		t.Fatal(err)
	}
	if _, err := rollup.Retain(ctx, pool); err != nil {
		t.Fatal(err)
	}
	if undone := undo(t, pool, id, 1); undone.Events != 1 {
		t.Errorf("undo removed %d events, want the one that retention left", undone.Events)
	}
	got := text(t, pool, `
		select concat_ws(' ', p.sessions, p.events, now() - p.first_seen > '199 days', now() - p.last_seen < '6 days', w.events, w.sessions, w.users)
		  from footfall.profiles p, footfall.worker w`)
	if got != "2 2 t t 1 1 1" {
		t.Errorf("the profile's sessions, events, first and last seen, and the totals are %s", got)
	}
	if got := text(t, pool, `select s.session_id from footfall.sessions s join footfall.profiles p on p.last_session = s.session_key`); got != "live" {
		t.Errorf("the last session is %s", got)
	}
}
