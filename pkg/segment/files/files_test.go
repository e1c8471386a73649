package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/files"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
	"github.com/footfall-analytics/footfall/tools/repo"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// folder makes one of files.
func folder(t *testing.T, content map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range content {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	return dir
}

func contentOf(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	content := map[string]string{}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		require.NoError(t, err)
		content[entry.Name()] = string(text)
	}
	return content
}

// step is a file and what became of it.
type step struct{ file, outcome string }

func apply(t *testing.T, db *pgxpool.Pool, dir string) []step {
	t.Helper()
	var steps []step
	require.NoError(t, files.Apply(t.Context(), db, dir, "test", func(file, outcome string) { steps = append(steps, step{file, outcome}) }))
	return steps
}

var example = map[string]string{
	"a-both.json": `{"name": "Both", "kind": "dynamic",
		"definition": {"where": {"all": [{"segment": "z-list"}, {"segment": "m-table"}]}}, "refreshMinutes": null}`,
	"m-table.json": `{"id": "m-table", "name": "Of the table <b>", "kind": "dynamic", "description": "d & e",
		"definition": {"identity": "usr.email", "where": {"table": "premium"}}}`,
	"z-list.json": `{"name": "List", "kind": "static", "identity": "usr.email", "refreshMinutes": 5,
		"list": ["B@x.org ", "a@x.org", "b@x.org"]}`,
	"premium.csv":        "email,tier,note\nann@x.org,1,=1+1\nbob@x.org,2,\n",
	"premium.table.json": `{"key": "email", "types": {"tier": "text"}}`,
	"README.md":          "not ours",
}

func TestApplyAndExport(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{{TS: "2026-01-01", Type: "view", UserID: "u-1", UserEmail: "ann@x.org", SessionID: "s"}})
	dir := folder(t, example)
	names := []string{"premium.csv", "m-table.json", "z-list.json", "a-both.json"}
	steps := func(outcomes ...string) (list []step) {
		for i, name := range names {
			list = append(list, step{name, outcomes[i%len(outcomes)]})
		}
		return list
	}
	require.Equal(t, steps(files.Created), apply(t, db, dir), "what is used comes first")
	require.Equal(t, steps(files.Unchanged), apply(t, db, dir))
	n, err := segment.RefreshDue(t.Context(), db, t.Logf)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	for id, version := range map[string]int{"a-both": 1, "m-table": 1, "z-list": 1} {
		s, err := segment.Get(t.Context(), db, id)
		require.NoError(t, err)
		require.Equal(t, version, s.Version)
	}

	first, second := filepath.Join(t.TempDir(), "new"), t.TempDir()
	export := func(db *pgxpool.Pool, dir string) {
		require.NoError(t, files.Export(t.Context(), db, dir, func(string) {}))
	}
	export(db, first)
	require.Equal(t, steps(files.Unchanged), apply(t, db, first), "an export says what is stored")
	other := testdb.New(t)
	require.Equal(t, steps(files.Created), apply(t, other, first))
	export(other, second)
	require.Equal(t, contentOf(t, first), contentOf(t, second))
	require.Contains(t, contentOf(t, first)["m-table.json"], `"Of the table <b>"`)

	require.NoError(t, os.WriteFile(filepath.Join(dir, "z-list.json"),
		[]byte(`{"name": "List", "kind": "static", "identity": "usr.email", "refreshMinutes": 5, "list": ["a@x.org"]}`), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "premium.csv"), []byte("email,tier,note\nann@x.org,1,\n"), 0o600))
	require.Equal(t, steps(files.Updated, files.Unchanged, files.Updated, files.Unchanged), apply(t, db, dir))
}

// What a store exports and another applies is stored the same way there, whatever stood there before.
func TestListsComeBackAsTheyWere(t *testing.T) {
	from, to := testdb.New(t), testdb.New(t)
	rapid.Check(t, func(r *rapid.T) {
		put(t, from, drawStatic(r))
		dir := t.TempDir()
		export := func(db *pgxpool.Pool, dir string) {
			require.NoError(t, files.Export(t.Context(), db, dir, func(string) {}))
		}
		export(from, dir)
		require.Equal(t, []step{{"list.json", files.Unchanged}}, apply(t, from, dir), "an export says what is stored")
		apply(t, to, dir)
		require.Equal(t, storedList(t, from), storedList(t, to))
		again := t.TempDir()
		export(to, again)
		require.Equal(t, contentOf(t, dir), contentOf(t, again))
	})
}

func drawStatic(r *rapid.T) segment.Content {
	c := segment.Content{ID: "list", Name: rapid.StringMatching(`[a-z][^\x00]{0,5}`).Draw(r, "name"), Kind: segment.Static}
	c.Identity = rapid.SampledFrom([]string{"", "usr.id", "usr.email", "usr.name"}).Draw(r, "identity")
	c.AnonymousIDs = []string{} // what stood there before goes
	// The same few values in both lists, with spaces and capitals, and anything at all.
	value := rapid.OneOf(rapid.SampledFrom([]string{"a", "A", " a ", "b"}), rapid.StringMatching(`[a-z][^\x00]{0,5}`))
	c.List = rapid.SliceOfN(value, 0, 4).Draw(r, "list")
	if c.Identity == "" || c.Identity == "usr.id" {
		c.AnonymousIDs = rapid.SliceOfN(value, 0, 4).Draw(r, "anonymous")
	}
	return c
}

// put creates a segment or replaces it.
func put(t *testing.T, db *pgxpool.Pool, c segment.Content) {
	t.Helper()
	stored, err := segment.Get(t.Context(), db, c.ID)
	if errors.Is(err, segment.ErrNotFound) {
		require.NoError(t, segment.Create(t.Context(), db, c, "test"))
		return
	}
	require.NoError(t, err)
	require.NoError(t, segment.Update(t.Context(), db, stored.Version, c, "test"))
}

func storedList(t *testing.T, db *pgxpool.Pool) []string {
	t.Helper()
	return texts(t, db, `
		select concat_ws(' ', s.identity, l.anonymous, l.value)
		  from footfall.segments s
		  left join footfall.segment_lists l on l.segment_key = s.key
		 order by 1`)
}

func texts(t *testing.T, db *pgxpool.Pool, sql string) []string {
	t.Helper()
	rows, err := db.Query(t.Context(), sql)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return list
}

// A frozen segment has the same members wherever its file is applied: known and anonymous users, of one id too.
func TestFrozenSegmentsComeBack(t *testing.T) {
	from, to := testdb.New(t), testdb.New(t)
	for _, db := range []*pgxpool.Pool{from, to} {
		history.Load(t, db, []event.Row{
			{TS: "2026-01-01", Type: "view", UserID: "x", SessionID: "1"}, {TS: "2026-01-01", Type: "view", UserID: "y", SessionID: "2"},
			{TS: "2026-01-01", Type: "view", AnonymousID: "x", SessionID: "3"}, {TS: "2026-01-01", Type: "view", AnonymousID: "z", SessionID: "4"},
		})
	}
	put(t, from, segment.Content{ID: "of", Name: "Of", Kind: segment.Dynamic, Definition: &segment.Definition{
		IncludeAnonymous: true, Where: segment.Condition{Not: &segment.Condition{Users: "user_id:y"}},
	}})
	require.NoError(t, segment.Refresh(t.Context(), from, "of"))
	require.NoError(t, segment.Freeze(t.Context(), from, "of", segment.Content{ID: "frozen", Name: "Frozen"}, "test"))
	dir := t.TempDir()
	require.NoError(t, files.Export(t.Context(), from, dir, func(string) {}))
	apply(t, to, dir)
	require.NoError(t, segment.Refresh(t.Context(), to, "frozen"))
	require.Equal(t, []string{"anonymous x", "anonymous z", "usr x"}, texts(t, to, `
		select u.kind || ' ' || u.id
		  from footfall.segment_members m
		  join footfall.users u on u.key = m.user_key
		 order by 1`))
}

func TestApplyRefusesWrongFilesBeforeItBegins(t *testing.T) {
	db := testdb.New(t)
	for name, want := range map[string]struct {
		content map[string]string
		problem string
	}{
		"empty":      {map[string]string{"README.md": ""}, "holds no definitions"},
		"no json":    {map[string]string{"a.json": "{"}, "a.json: body cannot be read"},
		"other id":   {map[string]string{"a.json": `{"id": "b"}`}, `a.json: id is "b", but the file is called a.json`},
		"version":    {map[string]string{"a.json": `{"version": 3}`}, "version does not belong into a file"},
		"no rows":    {map[string]string{"t.table.json": `{"key": "id"}`}, "there is no t.csv"},
		"no meaning": {map[string]string{"t.csv": "id\n"}, "there is no t.table.json"},
		"field":      {map[string]string{"t.csv": "id\n", "t.table.json": `{"kee": "id"}`}, "kee"},
		"name":       {map[string]string{"T x.csv": "id\n", "T x.table.json": `{"key": "id"}`}, "call it t_x"},
	} {
		if name != "empty" {
			want.content["good.json"] = `{"name": "Good", "kind": "static"}`
		}
		err := files.Apply(t.Context(), db, folder(t, want.content), "test", func(string, string) { t.Error("applied") })
		require.ErrorContains(t, err, want.problem, name)
	}
	list, err := segment.List(t.Context(), db)
	require.NoError(t, err)
	require.Empty(t, list)
	err = files.Apply(t.Context(), db, folder(t, map[string]string{
		"a.json": `{"name": "A", "kind": "dynamic", "definition": {"where": {"segment": "none"}}}`,
	}), "test", func(string, string) {})
	require.ErrorContains(t, err, `a.json: definition.where.segment names no segment: "none"`)
}

// The demo's segments are exported as they are written.
func TestProvisionedSegments(t *testing.T) {
	root, err := repo.Root()
	require.NoError(t, err)
	dir := filepath.Join(root, "provisioning", "segments")
	db := testdb.New(t)
	for _, s := range apply(t, db, dir) {
		require.Equal(t, files.Created, s.outcome)
	}
	exported := t.TempDir()
	require.NoError(t, files.Export(t.Context(), db, exported, func(string) {}))
	require.Equal(t, contentOf(t, dir), contentOf(t, exported))
	_, err = segment.RefreshDue(t.Context(), db, func(format string, args ...any) { t.Errorf(format, args...) })
	require.NoError(t, err)
}
