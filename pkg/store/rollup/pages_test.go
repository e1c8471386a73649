package rollup_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func pageView(user, page string) event.Row {
	return event.Row{TS: "2025-05-17T10:05:03Z", Type: "view", UserID: user, SessionID: user, ViewPath: page}
}

// shownPages lists stored pages with what they are shown as.
func shownPages(t *testing.T, pool *pgxpool.Pool) []string {
	rows, err := pool.Query(context.Background(), `
		select d.value || ' as ' || s.value
		  from footfall.tokens k
		  join footfall.dictionary d on d.id = k.page
		  join footfall.dictionary s on s.id = coalesce(k.page_group, k.page)
		 order by d.value`)
	require.NoError(t, err)
	list, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return list
}

// Patterns hold for pages that are there and for those that come, whichever worker brings them, and can be taken back.
func TestPageGroups(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	rolledUp := runWorker(t, pool)
	insert(t, pool, []event.Row{pageView("ann", "/a/x"), pageView("bob", "/b_c"), pageView("eve", "/bxc")})
	rolledUp()
	require.NoError(t, rollup.GroupPages(ctx, pool, []string{"/a/special", "/a/*", "/b_*", "/never/*"}))
	insert(t, pool, []event.Row{pageView("ann", "/a/new"), pageView("ann", "/a/special"), pageView("ann", "/a/*"), pageView("bob", "/c")})
	rolledUp()
	require.Equal(t, []string{
		"/a/* as /a/*", "/a/new as /a/*", "/a/special as /a/special", "/a/x as /a/*", "/b_c as /b_*", "/bxc as /bxc", "/c as /c",
	}, sortedTexts(shownPages(t, pool)))

	list, err := rollup.PageGroups(ctx, pool)
	require.NoError(t, err)
	require.Equal(t, []rollup.PageGroup{
		{Pattern: "/a/special", Pages: 1}, {Pattern: "/a/*", Pages: 3}, {Pattern: "/b_*", Pages: 1}, {Pattern: "/never/*", Pages: 0},
	}, list)

	require.NoError(t, rollup.GroupPages(ctx, pool, nil))
	for _, line := range shownPages(t, pool) {
		stored, shown, _ := strings.Cut(line, " as ")
		require.Equal(t, stored, shown)
	}
	require.EqualValues(t, 1, count(t, pool, `select count(*) from footfall.dictionary where value like '%*'`),
		"the page that is called like a pattern stays, patterns go")
	insert(t, pool, []event.Row{pageView("ann", "/never/*"), pageView("eve", "/a/x")})
	rolledUp()
	require.Contains(t, shownPages(t, pool), "/never/* as /never/*", "a running worker has forgotten the pattern's id")
}

// Patterns are normalised as the pages are that they take in.
func TestPageGroupsTakePathsAsTheyAreSent(t *testing.T) {
	pool := testdb.New(t)
	rolledUp := runWorker(t, pool)
	require.NoError(t, rollup.GroupPages(t.Context(), pool, []string{"/user/12345/*", "/about?ref=mail"}))
	insert(t, pool, []event.Row{pageView("ann", "/user/7/edit"), pageView("bob", "/about#team"), pageView("eve", "/user/7")})
	rolledUp()
	require.Equal(t, []string{"/about as /about?ref=mail", "/user/? as /user/?", "/user/?/edit as /user/12345/*"}, sortedTexts(shownPages(t, pool)))
}

// Forgetting a user keeps the patterns, though no page may be left that they take in.
func TestForgetKeepsPageGroups(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	insert(t, pool, []event.Row{pageView("ann", "/a/x"), pageView("bob", "/b")})
	drain(t, pool, 10)
	require.NoError(t, rollup.GroupPages(ctx, pool, []string{"/a/*"}))
	_, err := rollup.Forget(ctx, pool, rollup.People{Users: []string{"ann"}}, false)
	require.NoError(t, err)
	list, err := rollup.PageGroups(ctx, pool)
	require.NoError(t, err)
	require.Equal(t, []rollup.PageGroup{{Pattern: "/a/*"}}, list)
}

func TestPagePatternsAreChecked(t *testing.T) {
	pool := testdb.New(t)
	many := make([]string, 101)
	for i := range many {
		many[i] = strings.Repeat("x", i+1)
	}
	for wanted, patterns := range map[string][]string{
		"pattern 2 is empty":                    {"/a", ""},
		"pattern 1 is longer than 8192 bytes":   {strings.Repeat("a", 8193)},
		"pattern 1 is not UTF-8 text":           {"\xff"},
		`pattern 3 "/a" stands there twice`:     {"/a", "/b", "/a"},
		"there are 101 patterns, more than 100": many,
	} {
		require.ErrorContains(t, rollup.GroupPages(context.Background(), pool, patterns), wanted)
	}
	list, err := rollup.PageGroups(context.Background(), pool)
	require.NoError(t, err)
	require.Empty(t, list)
}

// runWorker runs a worker until the test ends, and returns what waits until its inbox is empty.
func runWorker(t *testing.T, pool *pgxpool.Pool) (rolledUp func()) {
	ctx, stop := context.WithCancel(context.Background())
	var worker sync.WaitGroup
	worker.Go(func() { _ = rollup.Run(ctx, pool, rollup.Options{Poll: 10 * time.Millisecond}) })
	t.Cleanup(func() { stop(); worker.Wait() })
	return func() {
		require.Eventually(t, func() bool { return count(t, pool, `select count(*) from footfall.inbox`) == 0 }, time.Minute, 10*time.Millisecond)
	}
}

func sortedTexts(list []string) []string { slices.Sort(list); return list }
