// Package plans collects the plans of all statements that run on a server without statistics and with little memory: what
// turns quadratic for a million rows on an ordinary server does so there for a thousand.
package plans

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Node is one of a plan, with what happened when it ran.
type Node struct {
	Type       string  `json:"Node Type"`
	Relation   string  `json:"Relation Name"`
	Parent     string  `json:"Parent Relationship"`
	Subplan    string  `json:"Subplan Name"`
	Rows       float64 `json:"Actual Rows"`
	Filtered   float64 `json:"Rows Removed by Filter"`
	JoinFilter float64 `json:"Rows Removed by Join Filter"`
	Loops      float64 `json:"Actual Loops"`
	Plans      []Node  `json:"Plans"`
}

// looked is how many rows a node took into its hands.
func (p Node) looked() float64 { return (p.Rows + p.Filtered + p.JoinFilter) * p.Loops }

// most returns the node below p, or itself, that looked at most rows.
func (p Node) most() Node {
	worst := p
	for _, below := range p.Plans {
		if other := below.most(); other.looked() > worst.looked() {
			worst = other
		}
	}
	return worst
}

// Statement is one that ran, with its plan.
type Statement struct {
	SQL  string `json:"Query Text"`
	Plan Node
}

// Server starts one, and returns a pool on a store there and what takes the plans collected since it was called last.
func Server(t *testing.T) (*pgxpool.Pool, func() []Statement) {
	cluster := testdb.Cluster(t, "work_mem=64kB", "autovacuum=off", "session_preload_libraries=auto_explain",
		"auto_explain.log_min_duration=0", "auto_explain.log_format=json", "auto_explain.log_level=notice",
		"auto_explain.log_analyze=on", "auto_explain.log_timing=off", "auto_explain.log_nested_statements=on")
	config, err := pgxpool.ParseConfig(cluster.DSN)
	require.NoError(t, err)
	var mutex sync.Mutex
	var list []Statement
	config.ConnConfig.OnNotice = func(_ *pgconn.PgConn, notice *pgconn.Notice) {
		_, text, found := strings.Cut(notice.Message, "plan:\n")
		if !found {
			return
		}
		var e Statement
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
	return pool, func() []Statement {
		mutex.Lock()
		defer mutex.Unlock()
		taken := list
		list = nil
		return taken
	}
}

// RequireBound fails where a statement looked at more rows than it may.
func RequireBound(t *testing.T, ran []Statement, most float64) {
	t.Helper()
	require.NotEmpty(t, ran)
	for _, e := range ran {
		worst := e.Plan.most()
		require.LessOrEqual(t, worst.looked(), most, "%s %s in %s", worst.Type, worst.Relation, e.SQL)
	}
}
