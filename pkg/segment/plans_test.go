package segment

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// unhashed finds subqueries that are run, or scanned, once for every row.
var unhashed = regexp.MustCompile(`(?m)^.*(?:[^d] |\()SubPlan.*$`)

// With little memory a plan that is fine for a thousand users may turn quadratic, as it does for 300,000 with much.
func TestMembersAreComparedByJoins(t *testing.T) {
	cluster := testdb.Cluster(t, "work_mem=64kB")
	db := testdb.Connect(t, cluster.DSN)
	_, err := db.Exec(t.Context(), `
		insert into footfall.users (key, kind, id) select n, 'usr', 'u' || n from generate_series(1, 20000) n;
		insert into footfall.profiles (user_key, first_seen, last_seen, sessions, views, actions, errors, frustrations, events,
		       first_session, last_session, last_session_start, anonymous, attributes)
		select n, '2026-01-01', '2026-01-02', 1, 2, 0, 0, 0, 3, 1, 1, '2026-01-02', false, '{}' from generate_series(1, 20000) n;
		insert into footfall.segment_members (user_key, segment_key) select n, 1 from generate_series(1, 20000) n;
		analyze`)
	require.NoError(t, err)
	sql := fmt.Sprintf(membersChangeSQL, "select p.user_key from footfall.profiles p", 1, Definition{}.universe())
	rows, err := db.Query(t.Context(), "explain (costs off) "+sql)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	plan := strings.Join(lines, "\n")
	require.Contains(t, plan, "Anti Join")
	require.NotRegexp(t, unhashed, plan)
}

// The first members of all segments go into a table that statistics call empty, and that grows meanwhile: what has to be
// read of it for each user grows too, unless it is found by a key.
func TestFirstMembersTakeTimeByTheirNumber(t *testing.T) {
	const users, pagesPerUser = 20_000, 20
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `
		insert into footfall.profiles (user_key, first_seen, last_seen, sessions, views, actions, errors, frustrations, events,
		       first_session, last_session, last_session_start, anonymous, attributes)
		select n, '2026-01-01', '2026-01-02', 1, 2, 0, 0, 0, 3, 1, 1, '2026-01-02', false, '{}' from generate_series(1, $1::int) n`, users)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `analyze`)
	require.NoError(t, err)
	few := "select p.user_key from footfall.profiles p where coalesce(p.attributes ->> 'plan', 'pro') = 'pro'" // so the planner thinks
	sql := fmt.Sprintf(membersChangeSQL, few, 1, Definition{}.universe())
	var plan string
	require.NoError(t, pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), store.BoundedPlans); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), "explain (analyze, buffers, costs off, timing off) "+sql)
		if err != nil {
			return err
		}
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		plan = strings.Join(lines, "\n")
		return err
	}))
	hits := regexp.MustCompile(`Buffers: shared hit=([0-9]+)`).FindStringSubmatch(plan)
	require.NotNil(t, hits, plan)
	pages, err := strconv.Atoi(hits[1])
	require.NoError(t, err)
	require.Less(t, pages, users*pagesPerUser, plan)
}

// Forty pairs, each of which uses the next two: 2^40 ways, and 82 segments.
func TestDiamondsOfSegmentsAreNoCircles(t *testing.T) {
	uses := map[string][]string{"top": {"a0", "b0"}}
	for i := range 40 {
		next := []string{fmt.Sprintf("a%d", i+1), fmt.Sprintf("b%d", i+1)}
		uses[fmt.Sprintf("a%d", i)], uses[fmt.Sprintf("b%d", i)] = next, next
	}
	found := make(chan []string, 2)
	go func() {
		found <- findCircle(uses, "top", []string{"top"}, map[string]bool{})
		uses["b40"] = []string{"top"}
		found <- findCircle(uses, "top", []string{"top"}, map[string]bool{})
	}()
	for _, length := range []int{0, 43} {
		select {
		case circle := <-found:
			require.Len(t, circle, length)
		case <-time.After(time.Minute):
			t.Fatal("the search does not end")
		}
	}
}
