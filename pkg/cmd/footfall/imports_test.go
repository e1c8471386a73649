package main

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func readImports(t *testing.T) []store.Import {
	t.Helper()
	var list []store.Import
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "imports", "list", "--json")), &list))
	return list
}

func TestImportsList(t *testing.T) {
	dsn := newDSN(t)
	require.Contains(t, succeed(t, "imports", "list"), "Nothing was imported yet")
	require.JSONEq(t, `[]`, succeed(t, "imports", "list", "--json"))
	a := write(t, "a.csv", "ts,type,usr.id,event.id\n2026-05-17T10:00:00Z,view,ann,1\n2026-05-17T10:00:01Z,view,bob,2\nnever,view,bob,3\n")
	b := write(t, "b.csv", "ts,type,usr.id,event.id\n2026-05-17T10:00:00Z,view,ann,1\n2026-05-17T10:00:09Z,view,cyd,4\n")
	out := footfall(context.Background(), "", "import", a).stdout
	require.Contains(t, out, "This is import 1, \"a.csv\"; `footfall imports undo 1` takes it back.")
	r := footfall(context.Background(), "", "import", "--json", "--name", "May, mended", a, b)
	require.Equal(t, exitRefused, r.code)
	require.Contains(t, r.stdout, `"import": 2`)
	exec(t, dsn, `insert into footfall.inbox (ts, type) values ('2026-05-17', 'view'), ('never', 'view')`)

	list := readImports(t)
	require.Len(t, list, 2)
	require.Equal(t, "May, mended", list[0].Name)
	require.Equal(t, []string{"a.csv", "b.csv"}, list[0].Files)
	require.Equal(t, []int64{3, 1, 2, 0}, []int64{list[1].Read, list[1].Refused, list[1].Written, list[1].RolledUp()})
	require.Equal(t, []int64{5, 1, 4, 0}, []int64{list[0].Read, list[0].Refused, list[0].Written, list[0].RolledUp()})
	require.Equal(t, "done", list[0].State)
	require.Equal(t, "postgres", list[0].StartedBy)
	require.NotNil(t, list[0].EndedAt)

	exec(t, dsn, `update footfall.inbox set type = 'wrong' where import_id = 2 and usr_id = 'bob'`)
	require.Equal(t, exitRefused, footfall(context.Background(), "", "work", "--once").code)
	list = readImports(t)
	require.Equal(t, []int64{2, 0, 0}, []int64{list[1].Events, list[1].Duplicates, list[1].Rejected})
	require.Equal(t, []int64{1, 2, 1}, []int64{list[0].Events, list[0].Duplicates, list[0].Rejected})
	require.Regexp(t, `1 +a\.csv +20\S+ \S+ +postgres +done +3 +2 +2 +2 +0 +0\n`, succeed(t, "imports", "list"))
}

func TestAFailedImportIsListed(t *testing.T) {
	newDSN(t)
	file := write(t, "cut.csv", "ts,type\n2026-05-17T10:00:00Z,view\n\"never closed")
	require.Equal(t, exitRefused, footfall(context.Background(), "", "import", file).code)
	gz := write(t, "cut.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03")
	require.Equal(t, exitFailed, footfall(context.Background(), "", "import", gz).code)
	require.Len(t, readImports(t), 1, "a file that cannot be opened imports nothing")

	r := footfall(context.Background(), "", "import", "--name", strings.Repeat("n", 201), file)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "--name is 201 bytes long; at most 200 are kept, shorten it")
}

// A role that may do nothing but insert into the inbox imports all the same, and is told what it lacks.
func TestImportOfARoleThatMayOnlyInsert(t *testing.T) {
	pool := testdb.New(t)
	role := "writer_" + pool.Config().ConnConfig.Database
	name := pgx.Identifier{role}.Sanitize()
	exec(t, pool.Config().ConnString(), `create role `+name+` login password 'secret'; grant usage on schema footfall to `+name+`;
		grant insert on footfall.inbox to `+name+`; grant select on footfall.schema_version to `+name)
	t.Cleanup(func() {
		_, err := pool.Exec(context.Background(), `drop owned by `+name+`; drop role `+name)
		require.NoError(t, err)
	})
	address, err := url.Parse(pool.Config().ConnString())
	require.NoError(t, err)
	address.User = url.UserPassword(role, "secret")
	file := write(t, "a.csv", "ts,type\n2026-05-17T10:00:00Z,view\n")
	out := succeed(t, "import", "--dsn", address.String(), file)
	require.Contains(t, out, "1 rows read, 1 taken")
	require.Contains(t, out, "The import is not recorded, since this role may not write footfall.imports")
	require.NotContains(t, out, "Rows looked up", "this role may not")

	exec(t, pool.Config().ConnString(), `grant select, insert, update on footfall.imports to `+name)
	var report ingest.Report
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "import", "--dsn", address.String(), "--json", file)), &report))
	require.EqualValues(t, 1, report.Import)
	require.Nil(t, report.LookedUp)
}

// Events that were imported before with other ids are told.
func TestImportOfRowsThatResembleStoredOnes(t *testing.T) {
	newDSN(t)
	file := write(t, "a.csv", "ts,usr.id\n2026-05-17T10:00:00Z,ann\n2026-05-17T10:00:01Z,bob\n2026-05-17T10:00:02Z,\n")
	require.Contains(t, succeed(t, "import", "--set", "type=view", file), "Rows looked up: 2; 0 of them resemble stored events")
	succeed(t, "work", "--once")
	out := succeed(t, "import", "--set", "type=view", "--set", "shop=north", file)
	require.Contains(t, out, "Rows looked up: 2; 2 of them resemble stored events of other ids (same user, time, type and page).")
	require.Contains(t, out, "Warning: of 2 rows looked up, 2 have the user, time, type and page of a stored event")
	require.Contains(t, succeed(t, "import", "--json", "--set", "type=view", "--set", "shop=north", file), `"resembling": 2`)
}

func TestImportsUndo(t *testing.T) {
	newDSN(t)
	wrong := write(t, "a.csv", "time,who,page\n2026-05-17T10:00:00Z,ann,/a\n2026-05-17T10:00:01Z,bob,/b\n")
	out := succeed(t, "import", "--map", "ts=time", "--map", "view.url_path=page", "--set", "type=view", wrong)
	require.Contains(t, out, "`footfall imports undo 1` takes it back")
	require.NotContains(t, out, "imported before")
	succeed(t, "work", "--once")
	again := []string{"import", "--map", "ts=time", "--map", "view.url_path=page", "--map", "usr.id=who", "--set", "type=view", wrong}
	require.Contains(t, succeed(t, again...), "imported before, as import 1.")
	succeed(t, "work", "--once")
	require.EqualValues(t, []int64{4, 2}, []int64{readStatus(t).Events, readStatus(t).Users})

	r := footfall(context.Background(), "no\n", "imports", "undo", "1")
	require.Equal(t, exitFailed, r.code)
	require.Regexp(t, `Import 1, "a.csv", of 20.* by postgres: 2 events of \d users, and 0 rows that wait in the inbox, will be removed\.`, r.stdout)
	require.Contains(t, r.stderr, "nothing has changed")
	require.Equal(t, exitFailed, footfall(context.Background(), "", "imports", "undo", "1").code)
	require.EqualValues(t, 4, readStatus(t).Events)

	r = footfall(context.Background(), "yes\n", "imports", "undo", "1")
	require.Equal(t, exitOK, r.code, r.stderr)
	require.Contains(t, r.stdout, "Took import 1 back: removed 2 events, 0 rows of the inbox")
	require.EqualValues(t, []int64{2, 2}, []int64{readStatus(t).Events, readStatus(t).Users})
	require.Contains(t, succeed(t, "imports", "list"), "undone")
	require.NotContains(t, succeed(t, again...), "as import 1.", "what was taken back is no import to correct")

	for id, want := range map[string]string{"1": "import 1: this import was taken back already", "9": "import 9: there is no such import"} {
		r = footfall(context.Background(), "", "imports", "undo", id, "--yes")
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, want)
	}
	require.Equal(t, exitUsage, footfall(context.Background(), "", "imports", "undo", "1", "--json").code)
	require.Contains(t, succeed(t, "imports", "undo", "2", "--yes", "--json"), `"events": 2`)
}

// A correction of the same events is left out as duplicates; the lists say how to make it count.
func TestACorrectionCountsOnceTheFirstImportIsTakenBack(t *testing.T) {
	newDSN(t)
	first := write(t, "first.csv", "ts,type,event.id,usr.id,view.url_path\n2026-05-17T10:00:00Z,view,1,ann,/wrong\n")
	second := write(t, "second.csv", "ts,type,event.id,usr.id,view.url_path\n2026-05-17T10:00:00Z,view,1,ann,/right\n")
	succeed(t, "import", first)
	succeed(t, "work", "--once")
	succeed(t, "import", second)
	hint := "Import 2 brought 1 events that were there with other values, lately of import 1. The first count; if import 2 corrects that one, say `footfall imports undo 1`."
	require.Contains(t, succeed(t, "work", "--once"), hint)
	require.Contains(t, succeed(t, "imports", "list"), hint)
	require.Contains(t, succeed(t, "status"), "`footfall imports undo 1`")
	require.Contains(t, succeed(t, "imports", "undo", "1", "--yes"), "1 rows of others took the place of events")
	require.NotContains(t, succeed(t, "imports", "list"), "corrects")
	status := readStatus(t)
	require.EqualValues(t, []int64{1, 0, 0}, []int64{status.Events, status.Duplicates, status.Conflicts})
}

// The same events are the same however a file spells them: nothing is doubled, and nothing is in conflict.
func TestImportAgainInOtherWords(t *testing.T) {
	newDSN(t)
	const header = "ts,type,usr.id,session.id,view.url_path,price,usr.level,seen\n"
	for name, content := range map[string]string{
		"a.csv": header + "2026-05-17 10:00:00,view,ann,s1,/a,12.50,1.0,2026-05-17 09:00:00\n2026-05-17 10:00:01,view,ann,s1,/b,100,1.0,\n",
		"b.csv": header + "2026-05-17T10:00:00Z,view,ann,s1,/a,12.5,1,2026-05-17T09:00:00Z\n2026-05-17T10:00:01Z,view,ann,s1,/b,1e2,1,\n",
		"c.csv": "session.id,type,usr.id,price,view.url_path,usr.level,seen,ts\n" +
			"s1,view,\"ann\",100.0,\"/b\",10e-1,,1779012001000\ns1,view,ann,\"125e-1\",/a,1.0,\"2026-05-17 11:00:00+02:00\",1779012000000\n",
		"d.ndjson": `{"usr":{"level":1,"id":"ann"},"session":{"id":"s1"},"view":{"url_path":"/a"},"type":"view","price":12.50,"seen":"2026/05/17 09:00:00Z","ts":1779012000000}
			{ "ts" : "2026-05-17T10:00:01+00:00", "price": "100", "seen": null, "type": "view", "view": {"url_path": "/b"}, "session.id": "s1", "usr.id": "ann", "usr.level": 1.00 }`,
	} {
		file := write(t, name, content)
		require.Contains(t, succeed(t, "import", file), "2 rows read, 2 taken", name)
		succeed(t, "work", "--once")
	}
	status := readStatus(t)
	require.EqualValues(t, []int64{2, 6, 0}, []int64{status.Events, status.Duplicates, status.Conflicts})
	require.NotContains(t, succeed(t, "imports", "list"), "with other values")
}
