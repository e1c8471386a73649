package rollup_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Beyond the cap of usr.* nothing is lost: profiles, moved events and rebuilds give what they give without one.
func TestTraitsBeyondTheCap(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	rapid.Check(t, func(rt *rapid.T) {
		testdb.Clear(t, pool)
		limit(t, pool, "traits_cap", rapid.IntRange(1, 3).Draw(rt, "cap"))
		all := rows(rt)
		insert(t, pool, all)
		drain(t, pool, rapid.SampledFrom([]int{1, 7, 1000}).Draw(rt, "batch"))
		other := altered(rt, all)
		insert(t, pool, other)
		drain(t, pool, 7)
		all = append(all, other...)
		want := oracle(parse(t, all), defaultRules)
		requireWorld(rt, pool, want)
		if _, err := pool.Exec(context.Background(), `delete from footfall.attribute_names`); err != nil {
			rt.Fatal(err)
		}
		limit(t, pool, "traits_cap", rapid.IntRange(1, 5).Draw(rt, "another cap"))
		rebuild(rt, pool)
		requireWorld(rt, pool, want)
		requireNames(rt, pool, parse(t, all))
	})
}

func limit(t testing.TB, pool *pgxpool.Pool, setting string, n int) {
	t.Helper()
	if _, err := pool.Exec(context.Background(), `update footfall.settings set `+setting+` = $1`, n); err != nil {
		t.Fatal(err)
	}
}

// Values that never come twice fill neither the tables nor the worker's memory; what is lost is what the warnings say.
func TestValuesThatNeverComeTwice(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	limit(t, pool, "token_cap", 20)
	limit(t, pool, "context_cap", 15)
	limit(t, pool, "traits_cap", 10)
	var rows []event.Row
	for i := range 200 {
		n := fmt.Sprint("x", i)
		rows = append(rows, event.Row{
			TS: fmt.Sprintf("2025-05-17T10:%02d:%02dZ", i/60, i%60), Type: []string{"view", "action", "error"}[i%3], UserID: "ann",
			ViewPath: "/Page/" + n + "/?q=1", ViewName: "view " + n, ActionName: "action " + n, ActionTarget: "target " + n, ErrorType: "error " + n,
			Country: "DE", City: "city " + n, Region: "region " + n, OSVersion: n, BrowserName: "Firefox", ApplicationID: "shop",
			Attributes: fmt.Sprintf(`{"usr.last_active":%d,"usr.plan":"pro","n":%d}`, i, i),
		})
	}
	for from := 0; from < len(rows); from += 50 {
		insert(t, pool, rows[from:from+50])
		drain(t, pool, 30)
	}
	check := func(when string) {
		t.Helper()
		// One more of each kind is "(other)"; tokens have one for each frustration.
		require.LessOrEqual(t, count(t, pool, `select max(n) from (select count(*) n from footfall.dictionary group by kind) k`), 21, when)
		require.LessOrEqual(t, count(t, pool, `select max(n) from (select count(*) n from footfall.tokens group by type) k`), 21, when)
		require.LessOrEqual(t, count(t, pool, `select count(*) from footfall.contexts`), 30, when)
		require.Equal(t, 10, count(t, pool, `select count(*) from footfall.traits`), when)
		require.Equal(t, 1, count(t, pool, `select count(*) from footfall.profiles
			where attributes = '{"usr.last_active": 199, "usr.plan": "pro"}' and events = 200`), when)
		require.Equal(t, 200, count(t, pool, `select count(*) from footfall.events where path like '/Page/x%/?q=1'`), "raw paths stay "+when)
		require.Equal(t, 200, count(t, pool, `select count(*) from footfall.sessions s, footfall.dictionary c, footfall.dictionary b
			where c.id = s.country and c.value = 'DE' and b.id = s.browser_name and b.value = 'Firefox'`)*200, when)
	}
	check("at once")
	status, err := store.ReadStatus(ctx, pool)
	require.NoError(t, err)
	warnings := strings.Join(status.Warnings(), "\n")
	for _, want := range []string{
		"all 20 texts of kind page are used", "all 20 texts of kind action_target are used", "all 15 combinations of application",
		"10 different things of their users (usr.*)", "raise traits_cap",
	} {
		require.Contains(t, warnings, want)
	}
	rebuild(t, pool)
	check("after a rebuild")

	// With more room a rebuild brings the pages back; names beyond the cap are lost.
	limit(t, pool, "token_cap", 1000)
	rebuild(t, pool)
	require.Equal(t, 200, count(t, pool, `select count(distinct page) from footfall.tokens where id in (select token from footfall.events)`))
}
