package plugin

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/ingest/demo"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
	"github.com/footfall-analytics/footfall/tools/repo"
)

// document is the text of a file in docs.
func document(t *testing.T, name string) string {
	t.Helper()
	root, err := repo.Root()
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, "docs", name))
	require.NoError(t, err)
	return string(text)
}

// exampleQuery matches the blocks of documents that are whole queries: fenced, and marked "json query".
var exampleQuery = regexp.MustCompile("(?ms)^```json query\n(.*?)^```$")

// loadShop fills a store with the demo's web shop, up to now.
func loadShop(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	shop := demo.Options{Users: 300, Days: 30, Seed: 1, Until: time.Now().UTC().Truncate(time.Hour)}
	_, err := demo.Load(t.Context(), db, shop, func(int, int64) {})
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
}

// loadDocumented fills a store with what the documents' examples ask for, and most sessions in blocks.
func loadDocumented(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	testdb.BoundTail(t, db, 100)
	loadShop(t, db)
	carts, err := segment.Decode([]byte(`{"where": {"did": {"event": "page:/cart"}}}`))
	require.NoError(t, err)
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{ID: "carts", Name: "Carts", Kind: segment.Dynamic, Definition: &carts}, "docs"))
	require.NoError(t, segment.Refresh(t.Context(), db, "carts"))
}

// Every example must be answered with something to see, and every query type must have one.
func TestDocumentedQueries(t *testing.T) {
	db := testdb.New(t)
	loadDocumented(t, db)
	askDocumented(t, db)
}

// A standby, where nothing can be written, answers all of them.
func TestDocumentedQueriesOnAStandby(t *testing.T) {
	cluster := testdb.ClusterWith(t, "pg_basebackup")
	loadDocumented(t, testdb.Connect(t, cluster.DSN))
	standby := testdb.Connect(t, cluster.Standby())
	health := start(t, storedFor(standby)).health(t)
	require.Equal(t, backend.HealthStatusOk, health.Status, health.Message)
	askDocumented(t, standby)
}

func askDocumented(t *testing.T, db *pgxpool.Pool) {
	t.Helper()
	c := start(t, storedFor(db))
	var sessionStart time.Time
	require.NoError(t, db.QueryRow(t.Context(), `
		select s.start_ts from footfall.sessions s join footfall.users u on u.key = s.user_key where u.id = 'user-00001' limit 1`).Scan(&sessionStart))
	documented := map[string]bool{}
	for _, block := range exampleQuery.FindAllStringSubmatch(document(t, "queries.md")+document(t, "segment-definitions.md"), -1) {
		var model struct{ QueryType string }
		require.NoError(t, json.Unmarshal([]byte(block[1]), &model), block[1])
		documented[model.QueryType] = true
		// The example of a session is of a time that the demo's events do not have.
		text := strings.ReplaceAll(block[1], "2026-03-01T10:00:00Z", sessionStart.Format(time.RFC3339Nano))
		response := c.queries(t.Context(), t, backend.DataQuery{
			RefID: "A", QueryType: model.QueryType, JSON: json.RawMessage(text),
			TimeRange: backend.TimeRange{From: time.Now().AddDate(0, 0, -30), To: time.Now().Add(time.Minute)},
		})["A"]
		require.NoError(t, response.Error, block[1])
		rows := 0
		for _, frame := range response.Frames {
			rows += frame.Rows()
		}
		require.Positive(t, rows, "nothing found by %s", block[1])
	}
	for queryType := range Questions {
		require.True(t, documented[queryType], "docs/queries.md has no example of %s", queryType)
	}
}

// exampleSQL matches the blocks of documents that are SQL over the views that people read.
var exampleSQL = regexp.MustCompile("(?ms)^```sql\n(select[^`]*?footfall\\.plain_.*?)^```$")

// Every statement that a person may copy must find something, as a role that may only read.
func TestDocumentedSQL(t *testing.T) {
	db := testdb.New(t)
	loadShop(t, db)
	people := testdb.AsReader(t, db)
	blocks := exampleSQL.FindAllStringSubmatch(document(t, "data-model.md"), -1)
	require.Len(t, blocks, 2)
	for _, block := range blocks {
		// The examples are of a month that the demo's events do not have.
		sql := strings.NewReplacer("2026-05-01", time.Now().AddDate(0, 0, -31).Format(time.DateOnly),
			"2026-06-01", time.Now().AddDate(0, 0, 1).Format(time.DateOnly)).Replace(block[1])
		rows, err := people.Query(t.Context(), sql)
		require.NoError(t, err, sql)
		found := 0
		for rows.Next() {
			found++
		}
		require.NoError(t, rows.Err(), sql)
		require.Positive(t, found, sql)
	}
}

func TestDocumentedAttributes(t *testing.T) {
	text := document(t, "queries.md") + document(t, "filter.md")
	for _, a := range filter.BuiltIn(filter.Profile) {
		short := strings.TrimPrefix(strings.TrimPrefix(a.ID, "first_"), "last_")
		require.True(t, strings.Contains(text, "`"+a.ID+"`") || strings.Contains(text, "`"+short+"`"), a.ID)
	}
}
