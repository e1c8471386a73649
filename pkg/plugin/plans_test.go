package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/plans"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// Segments, stored and inline, take time that grows with the users, not with users times members, wherever they stand.
func TestPlansOfSegmentsHoldWithoutMemory(t *testing.T) {
	const users, most = 5000, 12
	db, ran := plans.Server(t)
	_, err := db.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, view_url_path, attributes)
		select '2026-01-01'::timestamptz + n * interval '1 minute', 'view', 'u' || n, 's' || n, '/p', '{"usr.plan": "pro"}'
		  from generate_series(1, $1::int) n`, users)
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), db, rollup.Options{})
	require.NoError(t, err)
	_, err = db.Exec(t.Context(), `
		insert into footfall.segment_members (user_key, segment_key)
		select k.key, s.key from footfall.users k cross join (values (1), (2)) s (key);
		analyze`)
	require.NoError(t, err)
	c := questions.Context()
	c.From, c.To = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	c.Names.Segments = map[string]int32{"a": 1, "b": 2}

	pros, viewed := `{"where": {"users": "usr.plan:pro"}}`, `{"where": {"did": {"event": "page:/p"}}}`
	selections := []string{
		`"includeSegments": ["a"]`, `"excludeSegments": ["a"]`, `"excludeSegments": ["a", "b"]`, `"filter": "-segment:*"`,
		`"filter": "segment:a OR usr.plan:free"`, `"filter": "-(segment:a usr.plan:pro)"`,
		`"includeSegments": [` + pros + `]`, `"excludeSegments": [` + pros + `]`,
		`"includeSegments": [` + pros + `, "a", ` + viewed + `]`, `"excludeSegments": ["b", ` + viewed + `]`,
	}
	for _, queryType := range []string{"profiles", "sessions", "events", "explorer", "pathways", "topPages", "facets"} {
		for _, selection := range selections {
			question := Questions[queryType]()
			options := `{` + selection + `}`
			if queryType == "facets" {
				options = `{"attributes": [{"attribute": "usr.plan"}, {"attribute": "last_country"}, {"attribute": "segment"}], ` + selection + `}`
			}
			require.NoError(t, json.Unmarshal([]byte(options), question))
			ran()
			answer, err := question.Prepare(c)
			require.NoError(t, err)
			require.NoError(t, pgx.BeginFunc(t.Context(), db, func(tx pgx.Tx) error {
				if _, err := tx.Exec(t.Context(), store.BoundedPlans); err != nil {
					return err
				}
				_, err := answer(t.Context(), tx)
				return err
			}))
			t.Log(queryType, options)
			plans.RequireBound(t, ran(), most*users)
		}
	}
}
