package rollup_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// plan is a node of what auto_explain says of a statement that ran.
type plan struct {
	Type       string  `json:"Node Type"`
	Relation   string  `json:"Relation Name"`
	Parent     string  `json:"Parent Relationship"`
	Subplan    string  `json:"Subplan Name"`
	Rows       float64 `json:"Actual Rows"`
	Filtered   float64 `json:"Rows Removed by Filter"`
	JoinFilter float64 `json:"Rows Removed by Join Filter"`
	Loops      float64 `json:"Actual Loops"`
	Plans      []plan  `json:"Plans"`
}

// looked is how many rows a node took into its hands.
func (p plan) looked() float64 { return (p.Rows + p.Filtered + p.JoinFilter) * p.Loops }

// most returns the node below p, or itself, that looked at most rows.
func (p plan) most() plan {
	worst := p
	for _, below := range p.Plans {
		if other := below.most(); other.looked() > worst.looked() {
			worst = other
		}
	}
	return worst
}

// explained is a statement that ran, with its plan.
type explained struct {
	SQL  string `json:"Query Text"`
	Plan plan
}

// planned connects to a server without statistics and with little memory, and collects the plans of what runs there.
func planned(t *testing.T) (*pgxpool.Pool, func() []explained) {
	cluster := testdb.Cluster(t, "work_mem=64kB", "autovacuum=off", "session_preload_libraries=auto_explain",
		"auto_explain.log_min_duration=0", "auto_explain.log_format=json", "auto_explain.log_level=notice",
		"auto_explain.log_analyze=on", "auto_explain.log_timing=off", "auto_explain.log_nested_statements=on")
	config, err := pgxpool.ParseConfig(cluster.DSN)
	require.NoError(t, err)
	var mutex sync.Mutex
	var list []explained
	config.ConnConfig.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
		_, text, found := strings.Cut(notice.Message, "plan:\n")
		if !found {
			return
		}
		var e explained
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			t.Errorf("%v: %s", err, text)
		}
		mutex.Lock()
		defer mutex.Unlock()
		list = append(list, e)
	}
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	return pool, func() []explained {
		mutex.Lock()
		defer mutex.Unlock()
		taken := list
		list = nil
		return taken
	}
}

// requireBound fails where a statement looked at more rows than it may.
func requireBound(t *testing.T, ran []explained, most float64) {
	t.Helper()
	require.NotEmpty(t, ran)
	for _, e := range ran {
		worst := e.Plan.most()
		require.LessOrEqual(t, worst.looked(), most, "%s %s in %s", worst.Type, worst.Relation, e.SQL)
	}
}

// Each statement of a batch may look at the rows it is about, and some more, but not at those of everybody for each of
// them: that is quadratic, and a new store has no statistics that would tell the planner.
func TestPlansHoldWithoutStatisticsAndMemory(t *testing.T) {
	const events, users, batch, most = 10_000, 1000, 5000, 50_000
	pool, ran := planned(t)
	for _, rows := range []struct{ what, values string }{
		{"sessions made of gaps", `'0 s', 'view', null, 'u' || n % $2, null, null, '/p'`},
		{"late events in them", `'1 s', 'action', 'click', 'u' || n % $2, null, null, '/p'`},
		{"anonymous visits", `'0 s', 'view', null, null, 'a' || n, 's' || n / 3, '/p'`},
		{"which turn out to be somebody's", `'1 s', 'view', null, 'n' || n / 3, null, 's' || n / 3, '/p'`},
		{"and somebody else's before", `'-1 s', 'view', null, 'n' || n, null, 's' || n / 3, '/p'`},
		{"duplicates", `'0 s', 'view', null, 'u' || n % $2, null, null, '/p'`},
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
		requireBound(t, ran(), most)
	}
	require.NoError(t, rollup.Rebuild(t.Context(), pool, func(int32, int32) {}))
	requireBound(t, ran(), most)
}
