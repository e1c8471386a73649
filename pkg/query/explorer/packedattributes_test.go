package explorer

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Where attributes are packed, conditions on them are decided for each value once, and no event of a session is read.
func TestConditionsOnPackedAttributesReadNoEvents(t *testing.T) {
	db := testdb.New(t)
	rows := []event.Row{{TS: "2026-03-02", Type: "view", ViewPath: "/", Attributes: `{"price": 9}`}} // of nobody, in no session
	for i, attributes := range []string{`{"price": 1}`, `{"price": 7}`, `{"price": "x"}`, `{"price": null}`, "", `{"price": [5, "x"]}`} {
		rows = append(rows, event.Row{
			TS: fmt.Sprintf("2026-03-02T10:00:0%d", i), Type: "view", UserID: "u", SessionID: fmt.Sprint(i), ViewPath: "/", Attributes: attributes,
		})
	}
	history.Load(t, db, rows)
	const decided = "jsonb_build_object"
	ask := func(filter string) (any, string) {
		frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, fmt.Sprintf(`{"format": "value", "filter": %q}`, filter)))
		return questions.Values(t, frame, "Events")[0], frame.Meta.ExecutedQueryString
	}
	decidedBySet := map[string]bool{
		"price:>=5": true, "price:x": true, "price:*": true, "-price:*": true, "-price:x type:view": true,
		"(price:>8 OR price:1) page:/": true, "price:>=5 session_id:1": true, "price:>=5 page:/none": true,
		"(price:>=5 OR page:/)": false, "coupon:*": false, "-coupon:*": false,
	}
	before := map[string]any{}
	for filter := range decidedBySet {
		counted, executed := ask(filter)
		require.NotContains(t, executed, decided, filter)
		before[filter] = counted
	}
	require.Equal(t, []any{2.0, 2.0, 5.0, 2.0, 5.0}, []any{
		before["price:>=5"], before["price:x"], before["price:*"], before["-price:*"], before["-price:x type:view"]})

	testdb.PackAttributes(t, db, "price")
	_, err := rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
	for filter, isDecided := range decidedBySet {
		counted, executed := ask(filter)
		require.Equal(t, before[filter], counted, filter)
		require.Equal(t, isDecided, strings.Contains(executed, decided), filter)
	}

	frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, `{"format": "value", "measures": [
		{"measure": "count", "filter": "price:>=5", "name": "dear"}, {"measure": "avg", "attribute": "price", "filter": "price:<8"},
		{"measure": "count", "name": "all"}]}`))
	require.Equal(t, []any{2.0}, questions.Values(t, frame, "dear"))
	require.Equal(t, []any{4.0}, questions.Values(t, frame, "Average of price"))
	require.Equal(t, []any{7.0}, questions.Values(t, frame, "all"))
	require.Contains(t, frame.Meta.ExecutedQueryString, decided)
}
