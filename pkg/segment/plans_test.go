package segment

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
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
		plan, pages := explained(t, db, sql, 1, keys)
		require.Less(t, pages, users*pagesPerUser, plan)
		require.NotContains(t, plan, "SubPlan")
	}
	left := 0
	require.NoError(t, db.QueryRow(t.Context(), `select count(*) from footfall.segment_members`).Scan(&left))
	require.Zero(t, left)
}

// A segment of other segments joins their members, or looks each user up; never is a list of members read for each user.
func TestMembersOfSegmentsAreNotReadForEachUser(t *testing.T) {
	const users, pagesPerUser = 60_000, 20 // whose members find no room in a hash of sixteen times 64 kB
	cluster := testdb.Cluster(t, "work_mem=64kB")
	db := testdb.Connect(t, cluster.DSN)
	for _, sql := range []string{
		`insert into footfall.users (key, kind, id) select n, 'usr', 'u' || n from generate_series(1, $1::int) n`,
		`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors, frustrations, events,
		                                first_session, last_session, last_session_start)
		 select n, false, now(), now(), 1, 0, 0, 0, 0, 0, n, n, now() from generate_series(1, $1::int) n`,
		`insert into footfall.segments (key, id, name, kind, definition, created_by, changed_by)
		 overriding system value
		 select n, 's' || n, 's' || n, 'dynamic', '{}', 'test', 'test' from generate_series(1, 2) n where $1::int > 0`,
		`insert into footfall.segment_members (user_key, segment_key) select n, s from generate_series(1, $1::int) n, generate_series(1, 2) s`,
	} {
		_, err := db.Exec(t.Context(), sql, users)
		require.NoError(t, err)
	}
	_, err := db.Exec(t.Context(), `analyze`)
	require.NoError(t, err)
	one, two := Condition{Segment: "s1"}, Condition{Segment: "s2"}
	env := Env{Now: time.Now(), Names: filter.Names{Segments: map[string]int32{"s1": 1, "s2": 2}}}
	for name, where := range map[string]Condition{
		"both":        {All: []Condition{one, two}},
		"not":         {All: []Condition{one, {Not: &two}}},
		"any":         {Any: []Condition{one, two}},
		"any but not": {Any: []Condition{one, {Not: &two}}},
		"neither":     {Not: &Condition{Any: []Condition{one, two}}},
	} {
		t.Run(name, func(t *testing.T) {
			params := &store.Params{}
			sql, err := Definition{Where: where, TimeZone: "UTC"}.Compile(env, params)
			require.NoError(t, err)
			plan, pages := explained(t, db, sql, params.Values...)
			require.Less(t, pages, users*pagesPerUser, plan)
		})
	}
}

// explained runs a statement as computing a segment does, and returns its plan and how many pages it looked at.
func explained(t *testing.T, db *pgxpool.Pool, sql string, args ...any) (plan string, pages int) {
	require.NoError(t, pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
		if _, err := tx.Exec(t.Context(), limitsSQL); err != nil {
			return err
		}
		rows, err := tx.Query(t.Context(), "explain (analyze, buffers, costs off, timing off) "+sql, args...)
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
	return plan, pages
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
