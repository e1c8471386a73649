package segment

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// What was computed first and is stored last is older: the members that stand stay.
func TestOlderMembersDoNotReplaceNewerOnes(t *testing.T) {
	ctx := t.Context()
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-03-01", Type: "view", UserID: "ann", ViewPath: "/cart"}, {TS: "2026-03-01", Type: "view", UserID: "bob", ViewPath: "/"},
	})
	on := func(page string) Content {
		d, err := Decode([]byte(`{"where": {"did": {"event": "page:` + page + `"}}}`))
		require.NoError(t, err)
		return Content{ID: "some", Name: "Some", Kind: Dynamic, Definition: &d}
	}
	compute := func() *computation {
		c := &computation{began: time.Now()}
		require.NoError(t, pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return c.compute(ctx, tx, "some") }))
		return c
	}
	keep := func(c *computation) error {
		return pgx.BeginFunc(ctx, db, func(tx pgx.Tx) error { return c.store(ctx, tx) })
	}
	requireMembers := func(id string) {
		t.Helper()
		var got []string
		require.NoError(t, db.QueryRow(ctx, `
			select array_agg(u.id) from footfall.segment_members m join footfall.users u on u.key = m.user_key`).Scan(&got))
		require.Equal(t, []string{id}, got)
	}
	require.NoError(t, Create(ctx, db, on("/cart"), "eve"))
	older := compute()
	require.NoError(t, Update(ctx, db, 1, on("/"), "eve"))
	newer := compute()
	require.NoError(t, keep(newer))
	requireMembers("bob")
	require.NoError(t, keep(older))
	requireMembers("bob")
	require.NoError(t, keep(compute()))
	requireMembers("bob")

	require.NoError(t, Delete(ctx, db, "some", "eve"))
	require.ErrorIs(t, keep(newer), ErrNotFound)
}
