package plugin

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/querycapture"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestQueryData(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	storeUser(t, db, 2, "u-2")
	for _, pgBouncer := range []bool{false, true} {
		t.Run(fmt.Sprintf("PgBouncer mode %v", pgBouncer), func(t *testing.T) {
			s := storedFor(db)
			s.json["pgBouncer"] = pgBouncer
			c := start(t, s)
			responses := c.queries(t.Context(), t,
				dataQuery("A", "profiles", `{"search": "U-2", "columns": ["user_id"]}`),
				dataQuery("B", "profiles", `null`),
				dataQuery("C", "profiles", `{"limit": "many"}`),
				dataQuery("D", "paths", `{}`),
				dataQuery("E", "profiles", `{"filter": "page:/nowhere -usr.plam:pro"}`))
			require.Equal(t, []string{"u-2"}, userIDs(t, responses["A"]))
			require.Equal(t, backend.StatusOK, responses["A"].Status)
			require.Contains(t, executedSQL(responses["A"].Frames), "-- $1 = \"%U-2%\"")
			require.Equal(t, []string{"u-1", "u-2"}, userIDs(t, responses["B"]))
			require.EqualError(t, responses["C"].Error, "options cannot be read: limit must be a number, not a string")
			require.EqualError(t, responses["D"].Error, `queryType "paths" is not known`)
			require.Len(t, responses["E"].Frames[0].Meta.Notices, 2, "one for the page and one for the name, which are not there")
		})
	}
}

// Where there are two datasources, links must not lead to the default one.
func TestLinksNameTheDatasource(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	c := start(t, storedFor(db))
	c.context.DataSourceInstanceSettings.UID = "second & last"
	linked := map[string]bool{}
	for name, q := range map[string]backend.DataQuery{
		"profiles": dataQuery("A", "profiles", `{}`),
		"sessions": dataQuery("A", "sessions", `{}`),
		"events":   dataQuery("A", "events", `{}`),
		"explorer": dataQuery("A", "explorer", `{"format": "table", "facets": [{"attribute": "user_id"}]}`),
	} {
		q.TimeRange = backend.TimeRange{From: time.Now().AddDate(-30, 0, 0), To: time.Now().Add(time.Hour)}
		for range 2 { // an answer must not change what the next one starts from
			response := c.queries(t.Context(), t, q)["A"]
			require.NoError(t, response.Error, name)
			for _, frame := range response.Frames {
				for _, field := range frame.Fields {
					if field.Config == nil {
						continue
					}
					for _, link := range field.Config.Links {
						require.Regexp(t, `^/a/footfall-analytics-app/users/profile\?ds=second\+%26\+last&user=`, link.URL, name)
						linked[name] = true
					}
				}
			}
		}
	}
	require.Len(t, linked, 4)
}

func TestQueryDataRefusesBadQueries(t *testing.T) {
	c := start(t, storedFor(testdb.New(t)))
	for options, wanted := range map[string]string{
		`{"limits": 5}`: `options cannot be read: unknown field "limits"`,
		`{"filters": [{"attribute": "events", "op": "="}]}`: `options cannot be read: unknown field "op"`,
		`{"columns": "user_id"}`:                            `options cannot be read: columns must be a list, not a string`,
		`[]`:                                                `options cannot be read: this must be an object, not an array`,
		`{"limit": 0}`:                                      `options.limit must be 1 to 10000, not 0`,
		`{"sort": {"column": "'; drop table x; --"}}`: "options.sort.column names no attribute of profiles: unknown attribute `'; drop table x; --`",
	} {
		response := c.query(t.Context(), t, options)
		require.ErrorContains(t, response.Error, wanted)
		require.Equal(t, backend.StatusBadRequest, response.Status, options)
		require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource, options)
	}
	zone := backend.DataQuery{RefID: "A", QueryType: "profiles", JSON: []byte(`{"timeZone": "Mars/Olympus"}`)}
	response := c.queries(t.Context(), t, zone)["A"]
	require.EqualError(t, response.Error, `timeZone is not known: "Mars/Olympus"; give a name such as Europe/Berlin`)
}

func TestQueryDataTellsOfTheDatabase(t *testing.T) {
	t.Run("no schema", func(t *testing.T) {
		response := start(t, storedFor(testdb.Empty(t))).query(t.Context(), t, `{}`)
		require.ErrorContains(t, response.Error, "This database has no footfall schema")
		require.ErrorContains(t, response.Error, "footfall migrate")
		requireDownstream(t, backend.StatusBadGateway, response)
	})
	t.Run("unreachable", func(t *testing.T) {
		s := storedFor(testdb.Empty(t))
		s.url = "127.0.0.1:1"
		response := start(t, s).query(t.Context(), t, `{}`)
		require.ErrorContains(t, response.Error, "Nothing answers at the host: connection refused")
		requireDownstream(t, backend.StatusBadGateway, response)
	})
	t.Run("settings", func(t *testing.T) {
		s := storedFor(testdb.Empty(t))
		s.user = ""
		response := start(t, s).query(t.Context(), t, `{}`)
		require.ErrorContains(t, response.Error, "datasource settings: User is missing")
		requireDownstream(t, backend.StatusBadRequest, response)
	})
	t.Run("statement timeout", func(t *testing.T) {
		db := testdb.New(t)
		block(t, db)
		s := storedFor(db)
		s.json["statementTimeout"] = 1
		response := start(t, s).query(t.Context(), t, `{}`)
		require.ErrorContains(t, response.Error, "took longer than the statement timeout")
		requireDownstream(t, backend.StatusTimeout, response)
		require.Contains(t, executedSQL(response.Frames), "from footfall.profiles")
	})
}

func requireDownstream(t *testing.T, status backend.Status, response backend.DataResponse) {
	t.Helper()
	require.Equal(t, status, response.Status)
	require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource)
}

// block keeps queries of profiles waiting till the test's end.
func block(t *testing.T, db *pgxpool.Pool) (release func()) {
	t.Helper()
	tx, err := db.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `lock table footfall.profiles in access exclusive mode`)
	require.NoError(t, err)
	release = sync.OnceFunc(func() { _ = tx.Rollback(context.Background()) })
	t.Cleanup(release)
	return release
}

// running counts the datasource's queries that PostgreSQL works on.
func running(t *testing.T, db *pgxpool.Pool) int {
	t.Helper()
	var n int
	require.NoError(t, db.QueryRow(t.Context(), `
select count(*)
  from pg_stat_activity
 where datname = current_database()
   and application_name = 'footfall-datasource'
   and state = 'active'
   and query like '%footfall.profiles%'`).Scan(&n))
	return n
}

func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, 10*time.Second, 20*time.Millisecond, what)
}

func TestCancelledQueryIsCancelledInPostgres(t *testing.T) {
	db := testdb.New(t)
	release := block(t, db)
	c := start(t, storedFor(db))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := c.QueryData(ctx, &backend.QueryDataRequest{
			PluginContext: c.context, Queries: []backend.DataQuery{dataQuery("A", "profiles", `{}`)},
		})
		ended <- err
	}()
	eventually(t, "the query runs", func() bool { return running(t, db) == 1 })
	cancel()
	require.Error(t, <-ended)
	eventually(t, "the query has ended", func() bool { return running(t, db) == 0 })

	release()
	require.Empty(t, userIDs(t, c.query(t.Context(), t, `{}`)), "the datasource goes on")
}

func TestQueriesRunSideBySideUpToACap(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	release := block(t, db)
	c := start(t, storedFor(db))
	var queries []backend.DataQuery
	for i := range maxConcurrentQueries + 2 {
		queries = append(queries, dataQuery(fmt.Sprint(i), "profiles", fmt.Sprintf(`{"limit": %d}`, i+1)))
	}
	done := make(chan backend.Responses, 1)
	go func() {
		response, err := c.QueryData(t.Context(), &backend.QueryDataRequest{PluginContext: c.context, Queries: queries})
		if err == nil {
			done <- response.Responses
		}
		close(done)
	}()
	eventually(t, "the first ones run", func() bool { return running(t, db) == maxConcurrentQueries })
	time.Sleep(100 * time.Millisecond)
	require.Equal(t, maxConcurrentQueries, running(t, db), "the others wait")
	release()
	responses := <-done
	require.Len(t, responses, len(queries))
	for _, response := range responses {
		require.Equal(t, []string{"u-1"}, userIDs(t, response))
	}
}

func TestDisposeLetsQueriesEnd(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	release := block(t, db)
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	d := made.(*Datasource)
	request := &backend.QueryDataRequest{Queries: []backend.DataQuery{dataQuery("A", "profiles", `{}`)}}
	answered := make(chan backend.DataResponse, 1)
	go func() {
		response, _ := d.QueryData(context.Background(), request)
		answered <- response.Responses["A"]
	}()
	eventually(t, "the query runs", func() bool { return running(t, db) == 1 })
	disposed := make(chan struct{})
	go func() { d.Dispose(); close(disposed) }()
	time.Sleep(50 * time.Millisecond)
	release()
	require.Equal(t, []string{"u-1"}, userIDs(t, <-answered))
	<-disposed

	late, err := d.QueryData(t.Context(), request)
	require.NoError(t, err)
	require.ErrorContains(t, late.Responses["A"].Error, "try again")
}

func TestQueriesCannotWrite(t *testing.T) {
	db := testdb.New(t)
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	d := made.(*Datasource)
	defer d.Dispose()
	err = readOnly(t.Context(), d.pool, time.Second, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), `insert into footfall.inbox (ts) values ('now')`)
		return err
	})
	require.ErrorContains(t, err, "read-only transaction")
}

// To compile a question's plan takes longer than the question does.
func TestQueriesAreNotCompiled(t *testing.T) {
	db := testdb.New(t)
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	d := made.(*Datasource)
	defer d.Dispose()
	var usual, during string
	require.NoError(t, d.pool.QueryRow(t.Context(), `show jit`).Scan(&usual))
	require.Equal(t, "on", usual)
	require.NoError(t, readOnly(t.Context(), d.pool, time.Second, func(tx pgx.Tx) error { return tx.QueryRow(t.Context(), `show jit`).Scan(&during) }))
	require.Equal(t, "off", during)
}

// recorder is Grafana's diagnostics.
type recorder struct {
	mu   sync.Mutex
	list []querycapture.Interaction
}

func (r *recorder) Record(i querycapture.Interaction) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, i)
}

func TestQueriesAreMeasuredAndShownToDiagnostics(t *testing.T) {
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	made, err := New(t.Context(), storedFor(db).settings(t))
	require.NoError(t, err)
	d := made.(*Datasource)
	defer d.Dispose()
	queryDuration.Reset()
	shown := &recorder{}
	_, err = d.QueryData(querycapture.WithRecorder(t.Context(), shown), &backend.QueryDataRequest{Queries: []backend.DataQuery{
		dataQuery("A", "profiles", `{"search": "u-", "columns": ["user_id"]}`),
		dataQuery("B", "profiles", `{"limit": 0}`),
	}})
	require.NoError(t, err)
	require.Equal(t, 2, testutil.CollectAndCount(queryDuration), "one series per outcome")

	require.Len(t, shown.list, 1)
	require.Equal(t, "A", shown.list[0].RefID)
	require.Equal(t, 1, shown.list[0].RowCount)
	require.Contains(t, shown.list[0].Statement, "folded($1::text)")
	require.True(t, slices.Contains(shown.list[0].Args, "$1=%u-%"))
	require.Empty(t, shown.list[0].Err)
}

func TestCapturedArgumentsAreTheStatements(t *testing.T) {
	require.Equal(t, []any{"a", 5}, arguments([]any{pgx.QueryExecModeExec, pgx.QueryResultFormats{pgx.BinaryFormatCode}, "a", 5}))
	require.Equal(t, []any{"a"}, arguments([]any{"a"}))
	require.Empty(t, arguments([]any{pgx.QueryExecModeExec}))
}
