package query

import (
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/devtools/history"
	"github.com/footfall-analytics/footfall/pkg/devtools/repo"
	"github.com/footfall-analytics/footfall/pkg/devtools/testdb"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// ecomRows are the page views of a real shop, which are not part of the repository.
func ecomRows(t *testing.T) []event.Row {
	root, err := repo.Root()
	require.NoError(t, err)
	content, err := os.ReadFile(filepath.Join(root, "..", "shared", "data", "ecom.csv.gz"))
	if err != nil {
		t.Skipf("NOT TESTED: the sample data is missing: %v", err)
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(content))
	require.NoError(t, err)
	lines, err := csv.NewReader(unzipped).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"user_id", "session_id", "event", "timestamp", "platform"}, lines[0][:5])
	var rows []event.Row
	for i, line := range lines[1:] {
		number := strconv.Itoa(i + 1)
		rows = append(rows, event.Row{
			UserID: line[0], SessionID: line[1], ViewPath: line[2], TS: line[3], DeviceType: line[4],
			Type: "view", Seq: number, ID: number,
		})
	}
	return rows
}

// TestExplorerOfShopSample compares with numbers that were found by other means.
func TestExplorerOfShopSample(t *testing.T) {
	rows := ecomRows(t)
	db := testdb.New(t)
	history.Load(t, db, rows)
	c := testContext()
	c.From, c.To = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)
	ask := func(options, field string) []any {
		return fieldValues(t, askOne(t, db, c, explorerOf(t, options)), field)
	}

	pages := `{"format": "table", "facets": [{"attribute": "page", "limit": 5}]}`
	require.Equal(t, []any{"product_view", "catalog", "search", "home", "filter_results"}, ask(pages, "page"))
	require.Equal(t, []any{6851.0, 6521.0, 4011.0, 2762.0, 2610.0}, ask(pages, "Events"))

	devices := `{"format": "table", "facets": [{"attribute": "device_type"}]}`
	require.Equal(t, []any{"desktop", "mobile", "tablet"}, ask(devices, "device_type"))
	require.Equal(t, []any{16146.0, 11353.0, 3607.0}, ask(devices, "Events"))

	cart := `{"format": "value", "filter": "page:cart", "measures": [{"measure": "sessions"}, {"measure": "users"}]}`
	require.Equal(t, []any{1022.0}, ask(cart, "Sessions"))
	require.Equal(t, []any{489.0}, ask(cart, "Users"))
	require.Equal(t, []any{1022.0}, ask(`{"over": "sessions", "format": "value", "filter": "page:cart"}`, "Sessions"))
	require.Equal(t, []any{489.0}, ask(`{"over": "users", "format": "value", "filter": "has(page:cart)"}`, "Users"))

	total := 0.0
	for _, n := range ask(`{"interval": "day"}`, "Events") {
		total += n.(float64)
	}
	require.Equal(t, 31106.0, total)
}
