package rollup_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/plans"
)

// Each statement of a batch may look at the rows it is about, and some more, but not at those of everybody for each of
// them: that is quadratic, and a new store has no statistics that would tell the planner.
func TestPlansHoldWithoutStatisticsAndMemory(t *testing.T) {
	t.Parallel()
	const events, users, batch, most = 10_000, 1000, 5000, 50_000
	pool, ran := plans.Server(t)
	_, err := pool.Exec(t.Context(), `insert into footfall.packed_attributes (name) values ('price')`)
	require.NoError(t, err)
	for _, rows := range []struct{ what, values string }{
		{"sessions made of gaps", `'0 s', 'view', null, 'u' || n % $2, null, null, '/p'`},
		{"late events in them", `'1 s', 'action', 'click', 'u' || n % $2, null, null, '/p'`},
		{"anonymous visits", `'0 s', 'view', null, null, 'a' || n, 's' || n / 3, '/p'`},
		{"which turn out to be somebody's", `'1 s', 'view', null, 'n' || n / 3, null, 's' || n / 3, '/p'`},
		{"and somebody else's before", `'-1 s', 'view', null, 'n' || n, null, 's' || n / 3, '/p'`},
		{"duplicates", `'0 s', 'view', null, 'u' || n % $2, null, null, '/p'`},
		{"clicks of somebody's visits, hundreds at the same time", `'0 s', 'action', 'click', 'bot', null, 'b' || n % 200, '/p'`},
	} {
		_, err := pool.Exec(t.Context(), `
			insert into footfall.inbox (ts, type, action_type, usr_id, usr_anonymous_id, session_id, view_url_path)
			select '2026-01-01'::timestamptz + n * interval '11 s' + late::interval, type, click, usr, anonymous, session, page
			  from generate_series(1, $1::int) n
			 cross join lateral (values (`+rows.values+`)) of (late, type, click, usr, anonymous, session, page)
			 where $2::int > 0`, events, users)
		require.NoError(t, err)
		ran()
		drain(t, pool, batch)
		t.Log(rows.what)
		plans.RequireBound(t, ran(), most)
	}
	require.NoError(t, rollup.Rebuild(t.Context(), pool, func(int32, int32) {}))
	plans.RequireBound(t, ran(), most)
}

// One session id that a bot sends for ever: late events look at what is around them.
func TestLateEventsOfLongSessionsReadLittle(t *testing.T) {
	t.Parallel()
	const events, held, late, most = 20_000, 100, 50, 2000
	pool, ran := plans.Server(t)
	_, err := pool.Exec(t.Context(), `update footfall.settings set session_event_cap = $1`, held)
	require.NoError(t, err)
	send := func(from, step int, shift string) {
		_, err := pool.Exec(t.Context(), `
			insert into footfall.inbox (ts, type, action_type, usr_id, session_id, view_url_path)
			select '2026-01-01'::timestamptz + n * interval '1 s' + $4::interval, case when n % 10 = 0 then 'action' else 'view' end,
			       case when n % 10 = 0 then 'click' end, 'bot', 's', '/p'
			  from generate_series($1::int, $2, $3) n`, from, events, step, shift)
		require.NoError(t, err)
	}
	send(1, 1, "0 s")
	drain(t, pool, 0)
	ran()
	send(0, events/late, "0.5 s")
	drain(t, pool, 0)
	plans.RequireBound(t, ran(), most)
	require.Equal(t, 1, count(t, pool, `select count(*) from footfall.sessions where events = $1 and cardinality(tokens) = $2`,
		events+late+1, held))
}
