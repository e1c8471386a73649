package explorer

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/sample"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestExplorerOfShopSample compares with numbers that were found by other means.
func TestExplorerOfShopSample(t *testing.T) {
	db := testdb.New(t)
	sample.LoadShop(t, db)
	c := questions.Context()
	c.From, c.To = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2024, 7, 1, 0, 0, 0, 0, time.UTC)
	ask := func(options, field string) []any {
		return questions.Values(t, questions.AskOne(t, db, c, explorerOf(t, options)), field)
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
