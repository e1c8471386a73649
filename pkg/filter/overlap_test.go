package filter_test

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Sessions start and end at every hour around a range of three hours, some more than a day before it.
func TestSessionsOverEdgesAreThoseThatOverlapAndDoNotLieWithin(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `
		insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, events, views, actions, errors, frustrations,
		                               reported, truncated, tokens, offsets, pages)
		select 1, row_number() over (), timestamptz '2026-03-02Z' + a * interval '1 hour', timestamptz '2026-03-02Z' + b * interval '1 hour',
		       gen_random_uuid(), 1, 1, 0, 0, 0, false, false, '{1}', '{0}', '{}'
		  from generate_series(-28, 5) a, generate_series(-28, 5) b
		 where a <= b`)
	require.NoError(t, err)
	keys := func(sql string) []int64 {
		rows, err := db.Query(t.Context(), sql, "2026-03-02Z", "2026-03-02T03:00Z")
		require.NoError(t, err)
		list, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		require.NoError(t, err)
		return list
	}
	want := keys(`select s.session_key from footfall.sessions s where ` + filter.Overlap("$1::timestamptz", "$2::timestamptz") + `
	   and not (s.start_ts >= $1 and s.end_ts < $2) order by 1`)
	require.Len(t, want, 28*6+3*3, "28 hours to start before it and 6 to end after that, and 3 to start in it and 3 to end behind it")
	require.Equal(t, want, keys(`select s.session_key from `+filter.OverEdges("$1::timestamptz", "$2::timestamptz")+` order by 1`))
}
