package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// exec runs a statement on a command line's database.
func exec(t *testing.T, dsn, sql string, args ...any) {
	t.Helper()
	_, err := testdb.Connect(t, dsn).Exec(context.Background(), sql, args...)
	require.NoError(t, err)
}

func TestForget(t *testing.T) {
	dsn := newDSN(t)
	file := write(t, "a.csv", "ts,type,usr.id\n2026-05-17T10:00:00Z,view,ann\n2026-05-17T10:00:01Z,view,ann\n2026-05-17T10:00:00Z,view,bob\n")
	succeed(t, "import", file)
	succeed(t, "work", "--once")
	r := footfall(context.Background(), "", "forget", "--user", "carl", "--anonymous", "dora")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stdout, `No user with the usr.id "carl" is stored.`)
	require.Contains(t, r.stdout, `No visitor with the usr.anonymous_id "dora" is stored.`)
	require.Contains(t, r.stderr, "nothing was found to forget")
	out := succeed(t, "forget", "--user", "ann", "--block")
	require.Contains(t, out, "Removed 2 events, 1 sessions, 0 rows of the inbox")
	require.Contains(t, out, "Later events of these ids will be refused.")
	require.EqualValues(t, []int64{1, 1}, []int64{readStatus(t).Events, readStatus(t).Users})

	exec(t, dsn, `insert into footfall.inbox (ts, type, usr_id) values ('2026-05-18', 'view', 'ann')`)
	require.Equal(t, exitRefused, footfall(context.Background(), "", "work", "--once").code)
	require.EqualValues(t, 1, readStatus(t).Events)
	require.Contains(t, succeed(t, "status"), "the user asked to be forgotten")

	var report map[string]any
	require.NoError(t, json.Unmarshal([]byte(succeed(t, "forget", "--user", "bob", "--json")), &report))
	require.EqualValues(t, 1, report["events"])
	require.Zero(t, readStatus(t).Events)
}

func TestForgetManyFromAFile(t *testing.T) {
	newDSN(t)
	succeed(t, "import", write(t, "a.csv", "ts,type,usr.id,usr.anonymous_id\n2026-05-17,view,\"a,b\",\n2026-05-17,view,bob,\n2026-05-17,view,,x\n2026-05-17,view,eve,\n"))
	succeed(t, "work", "--once")
	r := footfall(context.Background(), "x\n\n", "forget", "--file", write(t, "ids.txt", "\ufeffbob\r\na,b\r\n\r\ncarl"), "--user", "bob", "--anonymous-file", "-", "--json")
	require.Equal(t, exitRefused, r.code)
	require.Contains(t, r.stderr, "1 id was not found")
	var report struct {
		People   int
		NotFound map[string][]string `json:"not_found"`
	}
	require.NoError(t, json.Unmarshal([]byte(r.stdout), &report))
	require.Equal(t, 3, report.People)
	require.Equal(t, map[string][]string{"users": {"carl"}}, report.NotFound)
	require.EqualValues(t, []int64{1, 1, 0}, []int64{readStatus(t).Events, readStatus(t).Users, readStatus(t).Anonymous})

	r = footfall(context.Background(), "", "forget", "--file", write(t, "none.txt", "\n"))
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "none.txt holds no ids")
}

func TestRebuildAppliesANewGap(t *testing.T) {
	dsn := newDSN(t)
	file := write(t, "a.csv", "ts,type,usr.id\n2026-05-17T10:00:00Z,view,ann\n2026-05-17T10:10:00Z,view,ann\n")
	succeed(t, "import", file)
	succeed(t, "work", "--once")
	require.EqualValues(t, 1, readStatus(t).Sessions)
	exec(t, dsn, `update footfall.settings set session_gap_ms = 300000`)
	require.Contains(t, succeed(t, "rebuild"), "there are 2 sessions and 1 profiles now")
	require.EqualValues(t, 2, readStatus(t).Sessions)
	require.Contains(t, succeed(t, "rebuild", "--json"), `"sessions": 2`)
}

func TestMigrateLetsTheReaderRead(t *testing.T) {
	pool := testdb.Empty(t)
	t.Setenv("FOOTFALL_DSN", pool.Config().ConnString())
	role := "reader_" + pool.Config().ConnConfig.Database
	name := pgx.Identifier{role}.Sanitize()
	exec(t, pool.Config().ConnString(), `create role `+name)
	t.Cleanup(func() {
		_, err := pool.Exec(context.Background(), `drop owned by `+name+`; drop role `+name)
		require.NoError(t, err)
	})
	r := footfall(context.Background(), "", "migrate", "--reader", role+"_missing")
	require.Equal(t, exitFailed, r.code)
	require.Contains(t, r.stderr, "does not exist")
	succeed(t, "migrate", "--reader", role)
	var may bool
	require.NoError(t, pool.QueryRow(context.Background(),
		`select has_table_privilege($1, 'footfall.attribute_names', 'select')`, role).Scan(&may))
	require.True(t, may)
}

// TestStatusShowsWhatToLookAt: rejected rows, conflicts and full token caps.
func TestStatusShowsWhatToLookAt(t *testing.T) {
	dsn := newDSN(t)
	exec(t, dsn, `update footfall.settings set token_cap = 1`)
	exec(t, dsn, `
		insert into footfall.inbox (ts, type, event_id, usr_id, view_url_path, source)
		values ('2026-05-17T10:00:00Z', 'view', '1', 'ann', '/a', 'test'),
		       ('2026-05-17T10:00:00Z', 'view', '1', 'ann', '/b', 'test'),
		       ('soon', 'view', '2', 'ann', '/b', 'test'), ('never', 'view', '1', 'ann', '/b', 'test')`)
	footfall(context.Background(), "", "work", "--once")
	status := readStatus(t)
	require.Len(t, status.RejectedKinds, 1, "counted by reason, whatever the value")
	require.Equal(t, "ts", status.RejectedKinds[0].Field)
	require.EqualValues(t, 2, status.RejectedKinds[0].Rows)
	require.Len(t, status.RejectedSamples, 2)
	require.Equal(t, "ts", status.RejectedSamples[0].Field)
	require.Equal(t, "test", status.RejectedSamples[0].Source)
	require.Len(t, status.ConflictSamples, 1)
	require.Equal(t, []string{"view.url_path"}, status.ConflictSamples[0].Fields)
	out := succeed(t, "status")
	require.Contains(t, out, "view 1 of 1")
	require.Contains(t, out, "  2 of ts: ")
	require.Contains(t, out, "differs from an earlier event with the same id in view.url_path")
	require.Contains(t, out, `from test: ts "never" is not a time`)
	require.Contains(t, out, "Warning: all 1 tokens of type view are used")
}

// TestMetrics scrapes a running worker.
func TestMetrics(t *testing.T) {
	dsn := newDSN(t)
	exec(t, dsn, `
		insert into footfall.inbox (ts, type, event_id, usr_id, view_url_path)
		values ('2026-05-17T10:00:00Z', 'view', '1', 'ann', '/a'), ('2026-05-17T10:00:00Z', 'view', '1', 'ann', '/b'),
		       ('never', 'view', '2', 'ann', '/a')`)
	db := testdb.Connect(t, dsn)
	for id, filter := range map[string]string{"good": "events:>0", "bad": "usr.plan:pro"} {
		require.NoError(t, segment.Create(t.Context(), db, segment.Content{
			ID: id, Name: id, Kind: segment.Dynamic, Definition: &segment.Definition{Where: segment.Condition{Users: filter}},
		}, "test"))
	}
	exec(t, dsn, `update footfall.segments set definition = '{"where": {"table": "gone"}}' where id = 'bad'`)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan result, 1)
	address := freeAddress(t)
	go func() { ended <- footfall(ctx, "", "work", "--metrics", address) }()
	var page string
	require.Eventually(t, func() bool {
		page = get(address)
		return strings.Contains(page, `footfall_worker_rows_total{outcome="event"} 1`) &&
			strings.Contains(page, `footfall_worker_segment_seconds_count 2`)
	}, 30*time.Second, 50*time.Millisecond)
	for _, line := range []string{
		`footfall_worker_rows_total{outcome="duplicate"} 1`, `footfall_worker_rows_total{outcome="rejected"} 1`,
		`footfall_worker_conflicts_total 1`, `footfall_worker_errors_total 0`, `footfall_worker_batch_seconds_count 1`,
		`footfall_worker_segments_total{outcome="computed"} 1`, `footfall_worker_segments_total{outcome="failed"} 1`,
		`footfall_up 1`, `footfall_workers{doing="waiting"} 0`, `footfall_inbox_rows 0`, `footfall_events 1`, `footfall_tokens{type="view"} 1`,
		`footfall_token_cap{type="view"} 200000`,
	} {
		require.Contains(t, page, line+"\n")
	}
	require.Regexp(t, regexp.MustCompile(`(?m)^footfall_worker_heartbeat_seconds 1\.\d+e\+09$`), page)

	r := footfall(context.Background(), "", "work", "--metrics", address)
	require.Equal(t, exitFailed, r.code, "the address is taken")
	require.Contains(t, r.stderr, "--metrics")
	stop()
	require.Equal(t, exitOK, (<-ended).code)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // only its number is wanted
	return listener.Addr().String()
}

// get returns a page, or why there is none.
func get(address string) string {
	response, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close() //nolint:errcheck // it was only read
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%s\n%s", response.Status, body)
}
