package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

// result is what a command line did.
type result struct {
	code           int
	stdout, stderr string
}

// footfall runs a command line, with the standard input given.
func footfall(ctx context.Context, stdin string, args ...string) result {
	var stdout, stderr bytes.Buffer
	code := run(&app{ctx: ctx, stdin: strings.NewReader(stdin), stdout: &stdout, stderr: &stderr}, args)
	return result{code, stdout.String(), stderr.String()}
}

// succeed runs a command line that has to end with code 0, and returns what it printed.
func succeed(t *testing.T, args ...string) string {
	t.Helper()
	r := footfall(context.Background(), "", args...)
	require.Equal(t, exitOK, r.code, r.stderr)
	return r.stdout
}

func newDSN(t *testing.T) string {
	dsn := testdb.New(t).Config().ConnString()
	t.Setenv("FOOTFALL_DSN", dsn)
	return dsn
}

func readStatus(t *testing.T) store.Status {
	t.Helper()
	var status store.Status
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "status", "--json")), &status))
	return status
}

func write(t *testing.T, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	return path
}

func TestHelp(t *testing.T) {
	for _, command := range []string{"migrate", "import", "work", "status", "rebuild", "forget", "demo"} {
		require.Contains(t, succeed(t, command, "--help"), "footfall "+command, "%s shows examples", command)
	}
	for _, command := range []string{"upload", "list", "export", "delete"} {
		require.Contains(t, succeed(t, "tables", command, "--help"), "footfall tables "+command, "%s shows examples", command)
	}
	help := succeed(t, "--help")
	require.Contains(t, help, "Exit codes")
	require.Contains(t, help, "FOOTFALL_DSN")
	require.Regexp(t, `^footfall .+, schema version \d+, go1`, succeed(t, "version"))
}

func TestWrongCommandLines(t *testing.T) {
	t.Setenv("FOOTFALL_DSN", "postgres://nobody@127.0.0.1:1/none")
	for line, want := range map[string]string{
		"":                                 "expected one of",
		"fly":                              "unexpected argument fly",
		"import":                           "FILE",
		"import --format xml a.csv":        "--format must be one of",
		"import --map ts a.csv":            "write field=column, for example --map ts=timestamp",
		"import --set type a.csv":          "write field=value",
		"import --delimiter ab a.csv":      "one character",
		"import --value type=view a.csv":   "write field:from=to, for example --value type:page_view=view",
		"import --header a\" a.csv":        "write the names of all columns",
		"import --map usr.name={a a.csv":   "--map usr.name={a: the template has a { that is not closed",
		"import --session-gap 1us a.csv":   "at least 1ms",
		"import --session-gap often a.csv": "--session-gap",
		"work --json":                      "--json goes with --once",
		"work --batch-size 0":              "at least 1",
		"work --once --metrics :0":         "not with --once",
		"forget":                           "--user",
		"forget --anonymous=":              "--anonymous: give the usr.anonymous_id",
		"forget --user=":                   "--user: give the usr.id",
		"tables upload --name a a.csv":     "--key",
		"tables upload --name 1 --key a a": "--name: the name",
		"tables upload --name a --key a --type a a.csv":      "column=text or column=number",
		"tables upload --name a --key a --identity id a.csv": "--identity: the identity must be usr.id",
		"demo --users 0":                 "at least 1",
		"status --dsn postgres://a:b:c/": "--dsn",
	} {
		r := footfall(context.Background(), "", strings.Fields(line)...)
		require.Equal(t, exitUsage, r.code, "%s: %s", line, r.stderr)
		require.Contains(t, r.stderr, want, line)
		require.Empty(t, r.stdout)
	}
}

func TestDatabaseErrors(t *testing.T) {
	empty := testdb.Empty(t).Config().ConnString()
	file := write(t, "a.csv", "ts,type\n")
	for _, command := range [][]string{{"status"}, {"work"}, {"work", "--once"}, {"demo"}, {"import", file}, {"migrate"},
		{"rebuild"}, {"forget", "--user", "ann"}, {"tables", "list"},
		{"tables", "upload", "--name", "a", "--key", "a", file}, {"tables", "export", "a"}, {"tables", "delete", "a"}} {
		t.Setenv("FOOTFALL_DSN", "")
		r := footfall(context.Background(), "", command...)
		require.Equal(t, exitUsage, r.code)
		require.Contains(t, r.stderr, "--dsn or in FOOTFALL_DSN")

		r = footfall(context.Background(), "", append(command, "--dsn", "postgres://nobody@127.0.0.1:1/none")...)
		require.Equal(t, exitFailed, r.code)
		require.Contains(t, r.stderr, "connect to the database")

		if command[0] != "migrate" {
			r = footfall(context.Background(), "", append(command, "--dsn", empty)...)
			require.Equal(t, exitFailed, r.code)
			require.Contains(t, r.stderr, "run `footfall migrate`")
		}
	}
}

func TestMigrate(t *testing.T) {
	t.Setenv("FOOTFALL_DSN", testdb.Empty(t).Config().ConnString())
	require.Contains(t, succeed(t, "migrate"), "from version 0 to ")
	require.Contains(t, succeed(t, "migrate"), "already")
	var versions map[string]int
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "migrate", "--json")), &versions))
	require.Equal(t, map[string]int{"from": store.SchemaVersion, "to": store.SchemaVersion}, versions)
}

func TestImport(t *testing.T) {
	newDSN(t)
	good := write(t, "good.csv", "ts,type,usr.id\n2026-05-17T10:00:00Z,view,ann\n2026-05-17T10:00:01Z,view,ann\n")
	out := succeed(t, "import", good)
	require.Contains(t, out, "2 rows read, 2 taken, 0 refused")
	require.Contains(t, out, "2 rows wait in the inbox for the worker: run `footfall work`")

	bad := write(t, "bad.csv", "when,type,usr.id\n"+strings.Repeat("never,view,ann\n", 12)+"1779012303,view,bob\n")
	rejects := filepath.Join(t.TempDir(), "rejects.csv")
	r := footfall(context.Background(), "", "import", "--map", "ts=when", "--rejects", rejects, bad)
	require.Equal(t, exitRefused, r.code)
	require.Contains(t, r.stdout, "13 rows read, 1 taken, 12 refused")
	require.Contains(t, r.stdout, bad+`:2: ts (column "when"): "never" is not a time`)
	require.Contains(t, r.stdout, "(12 such rows)\n", "rows that are refused for one reason are one line")
	require.Contains(t, r.stderr, "12 of 13 rows were refused")
	content, err := os.ReadFile(rejects)
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 13)
	require.Equal(t, []string{"file", "line", "field", "reason", "raw"}, rows[0])
	require.Equal(t, []string{bad, "13", "ts"}, rows[12][:3])
	require.Equal(t, "never,view,ann\n", rows[12][4])

	r = footfall(context.Background(), "", "import", filepath.Join(t.TempDir(), "none.csv"))
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "none.csv: no such file")
	r = footfall(context.Background(), "", "import", "--rejects", filepath.Join(t.TempDir(), "no", "dir.csv"), good)
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "--rejects")
	r = footfall(context.Background(), "", "import", "--rejects", good, good)
	require.Equal(t, exitUsage, r.code)
	require.Contains(t, r.stderr, "it would be overwritten")
	require.EqualValues(t, 3, readStatus(t).Inbox)
}

func TestImportJSON(t *testing.T) {
	newDSN(t)
	stdin := `{"date":1779012303000,"type":"view"}` + "\n" + `{"date":"soon","type":"view"}` + "\n"
	r := footfall(context.Background(), stdin, "import", "--json", "--format", "ndjson", "--map", "ts=date", "-")
	require.Equal(t, exitRefused, r.code, r.stderr)
	var got map[string]any
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &got))
	require.Positive(t, got["seconds"])
	delete(got, "seconds")
	reason := got["refusals"].([]any)[0].(map[string]any)
	require.Contains(t, reason["reason"], `is not a time`)
	delete(reason, "reason")
	require.Equal(t, map[string]any{
		"import": 1.0, "name": "standard input",
		"files": []any{map[string]any{"file": "-", "read": 2.0, "taken": 1.0, "refused": 1.0, "left_out": 0.0}},
		"read":  2.0, "taken": 1.0, "refused": 1.0, "left_out": 0.0, "inbox": 1.0,
		"refusals": []any{map[string]any{
			"file": "-", "line": 2.0, "field": "ts", "column": "date", "value": "soon", "rows": 1.0,
		}},
		"left_out_kinds": []any{}, "warnings": []any{"-: no row has a user or a session: its events count, but belong to nobody; " +
			"name the columns, --map usr.id=COLUMN, --map usr.anonymous_id=COLUMN or --map session.id=COLUMN; there are date, type"},
	}, got)
}

// Optional fields that break a rule cost no event: what is left out or cut is told by import, worker and status.
func TestLeftOut(t *testing.T) {
	newDSN(t)
	long := strings.Repeat("at f (app.js:1:1) ", 500)
	file := write(t, "bad.ndjson", fmt.Sprintf(`{"ts":"2026-05-17T10:00:00Z","type":"view","usr.id":"tor","geo.country_iso_code":"T1"}
{"ts":"2026-05-17T10:00:01Z","type":"view","usr.id":"ga","geo":{"country_iso_code":"(not set)"}}
{"ts":"2026-05-17T10:00:02Z","type":"error","usr.id":"stack","error.message":%q}
{"ts":"2026-05-17T10:00:03Z","type":"view","usr.id":"ok","geo.country_iso_code":"UK"}
`, long))
	out := succeed(t, "import", file)
	require.Contains(t, out, "4 rows read, 4 taken, 0 refused\n3 values are left out or cut; the rows are taken:\n")
	require.Contains(t, out, `:1: geo.country_iso_code: "T1" is no country: neither an ISO 3166-1 code such as BR nor an English name (2 such values)`)
	require.Contains(t, out, `:3: error.message: "at f (app.js:1:1) at f`)
	require.Contains(t, out, `..." is longer than 8192 bytes, the rest is cut off`)
	require.Contains(t, succeed(t, "work", "--once"), "4 events, 0 duplicates (0 with another payload), 0 rejected, 3 values left out or cut")
	out = succeed(t, "status")
	require.Contains(t, out, `2 of geo.country_iso_code: "(not set)" is no country`)
	require.Contains(t, out, "from "+file+":2")
	require.Contains(t, out, "1 of error.message: ")

	require.Contains(t, succeed(t, "import", file), "4 taken")
	require.Contains(t, succeed(t, "work", "--once"), "0 events, 4 duplicates (0 with another payload), 0 rejected\n", "what counted before is not told again")
	require.EqualValues(t, 3, readStatus(t).LeftOut)
}

func TestInterruptedImport(t *testing.T) {
	newDSN(t)
	ctx, cancel := context.WithCancel(context.Background())
	input := &cancelling{content: "ts,type\n" + strings.Repeat("1779012303,view\n", 200_000), after: 2_000_000, cancel: cancel}
	var stdout, stderr bytes.Buffer
	code := run(&app{ctx: ctx, stdin: input, stdout: &stdout, stderr: &stderr}, []string{"import", "--format", "csv", "-"})
	require.Equal(t, exitFailed, code)
	require.Contains(t, stderr.String(), "interrupted; run the same command again")
	require.Contains(t, stdout.String(), "100,000 rows wait in the inbox")
	require.EqualValues(t, 100_000, readStatus(t).Inbox)
}

// cancelling is a file during whose reading somebody presses Ctrl-C.
type cancelling struct {
	content string
	read    int
	after   int
	cancel  func()
}

func (c *cancelling) Read(p []byte) (int, error) {
	if c.read > c.after {
		c.cancel()
		time.Sleep(100 * time.Millisecond)
	}
	n := copy(p, c.content[c.read:])
	c.read += n
	return n, nil
}

func TestSampleFromFileToSessions(t *testing.T) {
	file := testdb.Sample(t, "ecom.csv.gz")
	newDSN(t)
	for range 2 {
		out := succeed(t, "import", "--map", "ts=timestamp", "--map", "usr.id=user_id", "--map", "session.id=session_id",
			"--map", "view.url_path=event", "--map", "device.type=platform", "--set", "type=view", file)
		require.Contains(t, out, "31,106 rows read, 31,106 taken, 0 refused")
		require.Contains(t, succeed(t, "work", "--once"), "31,106 rows taken")
		status := readStatus(t)
		require.EqualValues(t, []int64{31_106, 3_605, 600, 0, 0, 0},
			[]int64{status.Events, status.Sessions, status.Users, status.Inbox, status.Rejected, status.Conflicts})
	}
	require.EqualValues(t, 31_106, readStatus(t).Duplicates)
}

func TestWorkOnceJSON(t *testing.T) {
	newDSN(t)
	succeed(t, "demo", "--users", "20", "--days", "3", "--until", "2026-05-17T10:00:00Z")
	waiting := readStatus(t).Inbox
	var report map[string]any
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "work", "--once", "--json")), &report))
	require.EqualValues(t, waiting, report["taken"])
	require.EqualValues(t, waiting, report["events"])
	require.EqualValues(t, waiting, readStatus(t).Events)
}

func TestWorkTellsRejectedRows(t *testing.T) {
	dsn := newDSN(t)
	_, err := testdb.Connect(t, dsn).Exec(context.Background(), `insert into footfall.inbox (ts, type) values ('never', 'view')`)
	require.NoError(t, err)
	r := footfall(context.Background(), "", "work", "--once")
	require.Equal(t, exitRefused, r.code)
	require.Contains(t, r.stderr, "1 row was rejected")
}

// TestWork runs the worker until it is stopped, as a signal does it.
func TestWork(t *testing.T) {
	newDSN(t)
	succeed(t, "demo", "--users", "20", "--days", "3", "--until", "2026-05-17T10:00:00Z")
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan result, 1)
	go func() { ended <- footfall(ctx, "", "work") }()
	require.Eventually(t, func() bool { return readStatus(t).Inbox == 0 }, 30*time.Second, 100*time.Millisecond)
	require.Contains(t, succeed(t, "status"), "seen on ")
	stop()
	r := <-ended
	require.Equal(t, exitOK, r.code, r.stderr)
	require.Positive(t, readStatus(t).Events)
}

func TestStatus(t *testing.T) {
	dsn := newDSN(t)
	out := succeed(t, "status")
	require.Regexp(t, `(?m)^inbox +empty$`, out)
	require.Contains(t, out, "never seen; start it with `footfall work`")
	want, err := store.ReadStatus(context.Background(), testdb.Connect(t, dsn))
	require.NoError(t, err)
	require.Equal(t, want, readStatus(t))
}

func TestDemo(t *testing.T) {
	newDSN(t)
	args := []string{"demo", "--users", "30", "--days", "5", "--seed", "3", "--until", "2026-05-17T10:00:00Z"}
	require.Contains(t, succeed(t, args...), "events of a web shop's last 5 days")
	succeed(t, "work", "--once")
	first := readStatus(t)
	var report map[string]float64
	require.NoError(t, json.Unmarshal([]byte(succeed(t, append(args, "--json")...)), &report))
	require.EqualValues(t, first.Events, report["events"])
	succeed(t, "work", "--once")
	again := readStatus(t)
	require.Equal(t, []int64{first.Events, first.Sessions, first.Users, 0}, []int64{again.Events, again.Sessions, again.Users, again.Conflicts})
	require.InDelta(t, 30, first.Users, 2)
}

func TestPlainProgress(t *testing.T) {
	var out bytes.Buffer
	p := newProgress(&out, "import", "bytes", 1000)
	p.set(100, 50)
	require.Empty(t, out.String(), "not more often than every few seconds")
	p.start, p.last = p.start.Add(-10*time.Second), p.last.Add(-10*time.Second)
	p.set(250, 20_000)
	require.Regexp(t, `^import: 20,000 rows, \d,\d{3} rows/s, 25 %, 30s left\n$`, out.String())
}
