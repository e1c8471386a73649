package segment

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

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
