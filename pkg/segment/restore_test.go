package segment_test

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/segment/deleted"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// partsOf is all that stands under the keys of segments and tables.
func partsOf(t *testing.T, db *pgxpool.Pool) []string {
	return lines(t, db, `
		select 'member ' || segment_key || ' ' || user_key from footfall.segment_members
		 union all select 'list ' || segment_key || ' ' || value || ' ' || anonymous from footfall.segment_lists
		 union all select 'size ' || segment_key || ' ' || size || ' ' || computed_at from footfall.segment_sizes
		 union all select 'use ' || segment_key || ' ' || kind || ' ' || id from footfall.segment_uses
		 union all select 'row ' || table_id || ' ' || key from footfall.reference_rows`)
}

// deletedDaysAgo lets all deletions be so old.
func deletedDaysAgo(t *testing.T, db *pgxpool.Pool, days int) {
	_, err := db.Exec(t.Context(), `
		update footfall.segment_changes set changed_at = clock_timestamp() - make_interval(days => $1) where change = 'deleted'`, days)
	require.NoError(t, err)
}

func storeDeletable(t *testing.T) *pgxpool.Pool {
	db := testdb.New(t)
	history.Load(t, db, visits())
	uploadVIP(t, db, "ann,gold\nzoe,gold\n")
	require.NoError(t, segment.Create(t.Context(), db, dynamic(t, "cart", cart), "eve"))
	require.NoError(t, segment.Create(t.Context(), db, dynamic(t, "gold", `{"where": {"all": [{"segment": "cart"}, {"users": "vip.tier:gold"}]}}`), "eve"))
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{
		ID: "list", Name: "Ours", Kind: segment.Static, Description: "By hand", List: []string{"bob", "zoe"}, AnonymousIDs: []string{"x"},
	}, "eve"))
	refreshAll(t, db)
	return db
}

func TestDeletedSegmentsComeBackWhole(t *testing.T) {
	ctx := t.Context()
	db := storeDeletable(t)
	for _, id := range []string{"gold", "list"} {
		before, parts := get(t, db, id), partsOf(t, db)
		require.NoError(t, segment.Delete(ctx, db, id, "dan"))
		_, err := segment.Get(ctx, db, id)
		require.ErrorIs(t, err, segment.ErrNotFound)
		require.Empty(t, members(t, db, id))
		require.Equal(t, 0, refreshDue(t, db), "nobody computes it")
		deletedDaysAgo(t, db, 29)
		require.NoError(t, deleted.Purge(ctx, db))

		require.NoError(t, segment.Restore(ctx, db, id, "ann"))
		require.Equal(t, parts, partsOf(t, db))
		after := get(t, db, id)
		require.True(t, after.Stale)
		require.Equal(t, before.Content, after.Content)
		require.Equal(t, before.Key, after.Key)
		require.Equal(t, before.Version, after.Version)
		require.Equal(t, before.CreatedAt, after.CreatedAt)
		require.Equal(t, before.ComputedAt, after.ComputedAt)
		require.Equal(t, before.Size, after.Size)
		require.Equal(t, before.Matched, after.Matched)
		changes, err := segment.History(ctx, db, id)
		require.NoError(t, err)
		require.Len(t, changes, 3)
		require.Equal(t, segment.Restored, changes[0].Change)
		require.Equal(t, "ann", changes[0].ChangedBy)
		deletedDaysAgo(t, db, 31)
		require.Equal(t, 1, refreshDue(t, db))
	}
	require.Equal(t, []string{"gold"}, get(t, db, "cart").UsedBy)
	require.Equal(t, []string{"bob", "x"}, members(t, db, "list"), "what was brought back is not removed later")
	require.NoError(t, segment.Delete(ctx, db, "list", "dan"), "and may be deleted once more")
	require.NoError(t, segment.Restore(ctx, db, "list", "ann"))
}

func TestWhatCannotComeBack(t *testing.T) {
	ctx := t.Context()
	db := storeDeletable(t)
	require.ErrorIs(t, segment.Restore(ctx, db, "none", "ann"), segment.ErrNotFound)
	refused := func(problem string, gone bool) {
		t.Helper()
		var back deleted.Refused
		require.ErrorAs(t, segment.Restore(ctx, db, "gold", "ann"), &back)
		require.Contains(t, back.Problem, problem)
		require.Equal(t, gone, back.Gone)
	}
	refused(`there is a segment "gold"`, false)
	require.NoError(t, segment.Delete(ctx, db, "gold", "dan"))
	require.NoError(t, segment.Delete(ctx, db, "cart", "dan"))
	require.NoError(t, table.Delete(ctx, db, "vip", "dan"))
	refused(`segment "gold" names what is gone: segment cart, table vip; bring that back first`, false)
	require.NoError(t, table.Restore(ctx, db, "vip", "ann"))
	refused(`names what is gone: segment cart; bring`, false)
	require.NoError(t, segment.Restore(ctx, db, "cart", "ann"))

	require.NoError(t, segment.Create(ctx, db, dynamic(t, "gold", cart), "eve"))
	refused(`there is a segment "gold"`, false)
	require.NoError(t, segment.Delete(ctx, db, "gold", "dan"))
	require.NoError(t, segment.Restore(ctx, db, "gold", "ann"), "the one that was deleted last")
	require.Equal(t, definition(t, cart).Where, get(t, db, "gold").Definition.Where)

	require.NoError(t, segment.Delete(ctx, db, "gold", "dan"))
	deletedDaysAgo(t, db, 30)
	gone := `segment "gold" was deleted on ` + time.Now().UTC().AddDate(0, 0, -30).Format(time.DateOnly) + " and is not kept any more"
	refused(gone, true)
	require.NoError(t, deleted.Purge(ctx, db))
	refused(gone, true)
}

// TestDeletedIsRemovedInTime: the worker removes all parts after 30 days, and those of nothing else.
func TestDeletedIsRemovedInTime(t *testing.T) {
	ctx := t.Context()
	db := storeDeletable(t)
	require.NoError(t, segment.Create(ctx, db, dynamic(t, "stays", cart), "eve"))
	refreshAll(t, db)
	for _, id := range []string{"gold", "list"} {
		require.NoError(t, segment.Delete(ctx, db, id, "dan"))
	}
	parts := partsOf(t, db)
	require.NoError(t, table.Delete(ctx, db, "vip", "dan"))
	refreshDue(t, db)
	require.Equal(t, parts, partsOf(t, db), "all are kept so far")
	deletedDaysAgo(t, db, 30)
	require.Equal(t, 0, refreshDue(t, db))
	left := partsOf(t, db)
	require.Equal(t, []string{"cart", "stays"}, lines(t, db, `select id from footfall.segments`))
	require.Len(t, left, 2*(2+1), "two members and a size of each: %v", left)
	require.Equal(t, []string{"0"}, lines(t, db, `select count(kept)::text from footfall.segment_changes`))
}
