package rollup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Whatever may change packed sessions changes the number by which those who read them tell; a worker that has nothing to do writes
// nothing.
func TestVersionCountsWhatChangesPackedSessions(t *testing.T) {
	pool := testdb.New(t)
	before := 0
	ann := event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: "ann", SessionID: "s", ViewPath: "/"}
	ben := event.Row{TS: "2025-05-18T10:05:03Z", Type: "view", UserID: "ben", SessionID: "t", ViewPath: "/"}
	for _, change := range []struct {
		name string
		do   func()
	}{
		{"an event", func() { insert(t, pool, []event.Row{ann, ben}); drain(t, pool, 0) }},
		{"sealing", func() { testdb.BoundTail(t, pool, 0); drain(t, pool, 0) }},
		{"a late event", func() {
			ann.TS = "2025-05-17T10:05:01Z"
			insert(t, pool, []event.Row{ann})
			drain(t, pool, 0)
		}},
		{"forgetting", func() {
			_, err := rollup.Forget(t.Context(), pool, rollup.People{Users: []string{"ann"}}, false)
			require.NoError(t, err)
		}},
		{"a rebuild", func() { require.NoError(t, rollup.Rebuild(t.Context(), pool, func(_, _ int32) {})) }},
	} {
		change.do()
		after := count(t, pool, `select version from footfall.columns`)
		require.Greater(t, after, before, change.name)
		drain(t, pool, 0)
		before = count(t, pool, `select version from footfall.columns`)
		drain(t, pool, 0)
		require.Equal(t, before, count(t, pool, `select version from footfall.columns`), "after %s nothing was to do", change.name)
	}
}
