package rollup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

const spread = `select coalesce(string_agg(concat_ws(' ', total, value, users), ', ' order by total, value), 'nobody') from footfall.profile_totals`

// Visitors are not counted until they turn out to be users, and values that nobody has any more are not there.
func TestUsersAreCountedByWhatTheyHave(t *testing.T) {
	pool := testdb.New(t)
	told := func() (text string) {
		t.Helper()
		drain(t, pool, 10)
		requirePacked(t, pool)
		require.NoError(t, pool.QueryRow(t.Context(), spread).Scan(&text))
		return text
	}
	insert(t, pool, []event.Row{{TS: "2025-05-17", Type: "view", AnonymousID: "v", SessionID: "s", ViewPath: "/a"}})
	require.Equal(t, "nobody", told())
	insert(t, pool, []event.Row{{TS: "2025-05-17T00:01:00Z", Type: "view", UserID: "ann", AnonymousID: "v", SessionID: "s", ViewPath: "/b"}})
	require.Equal(t, "actions 0 1, errors 0 1, events 2 1, frustrations 0 1, sessions 1 1, views 2 1", told())
	insert(t, pool, []event.Row{
		{TS: "2025-05-18", Type: "action", ActionName: "click", UserID: "bob", SessionID: "t", ViewPath: "/a"},
		{TS: "2025-05-18", Type: "view", UserID: "ann", SessionID: "u", ViewPath: "/a"},
	})
	require.Equal(t, "actions 0 1, actions 1 1, errors 0 2, events 1 1, events 3 1, frustrations 0 2, sessions 1 1, sessions 2 1, views 0 1, views 3 1", told())
	_, err := rollup.Forget(t.Context(), pool, rollup.People{Users: []string{"ann"}}, false)
	require.NoError(t, err)
	require.Equal(t, "actions 1 1, errors 0 1, events 1 1, frustrations 0 1, sessions 1 1, views 0 1", told())
}

// As after a restore without the table: a worker finds it at its start, and a rebuild counts anew in any case.
func TestUsersAreCountedAnewWhereCountsAreMissing(t *testing.T) {
	pool := testdb.New(t)
	insert(t, pool, []event.Row{{TS: "2025-05-17", Type: "view", UserID: "ann", ViewPath: "/a"}})
	drain(t, pool, 10)
	var kept string
	require.NoError(t, pool.QueryRow(t.Context(), spread).Scan(&kept))
	for name, repair := range map[string]func() error{
		"worker":  func() error { _, err := rollup.Drain(t.Context(), pool, rollup.Options{}); return err },
		"rebuild": func() error { return rollup.Rebuild(t.Context(), pool, func(_, _ int32) {}) },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := pool.Exec(t.Context(), `delete from footfall.profile_totals`)
			require.NoError(t, err)
			require.NoError(t, repair())
			var counted string
			require.NoError(t, pool.QueryRow(t.Context(), spread).Scan(&counted))
			require.Equal(t, kept, counted)
		})
	}
}
