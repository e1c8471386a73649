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

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// The first members of all segments go into a table that statistics call empty, and that grows meanwhile: what has to be
// read for each user must not grow too. With little memory a plan that is fine for a thousand users may turn quadratic.
func TestMembersTakeTimeByTheirNumber(t *testing.T) {
	const users, pagesPerUser = 20_000, 20
	cluster := testdb.Cluster(t, "work_mem=64kB")
	db := testdb.Connect(t, cluster.DSN)
	_, err := db.Exec(t.Context(), `insert into footfall.users (key, kind, id) select n, 'usr', 'u' || n from generate_series(1, $1::int) n`, users)
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `analyze`)
	require.NoError(t, err)
	keys := make([]int32, users)
	for i := range keys {
		keys[i] = int32(i + 1)
	}
	for _, sql := range []string{addSQL, removeSQL} {
		var plan string
		require.NoError(t, pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
			if _, err := tx.Exec(t.Context(), limitsSQL); err != nil {
				return err
			}
			rows, err := tx.Query(t.Context(), "explain (analyze, buffers, costs off, timing off) "+sql, 1, keys)
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
		require.NotContains(t, plan, "SubPlan")
	}
	left := 0
	require.NoError(t, db.QueryRow(t.Context(), `select count(*) from footfall.segment_members`).Scan(&left))
	require.Zero(t, left)
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
