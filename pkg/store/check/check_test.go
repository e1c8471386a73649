package check_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store/check"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestMain(m *testing.M) { testdb.Main(m) }

func compare(t *testing.T, pool *pgxpool.Pool) check.Report {
	t.Helper()
	report, err := check.Sessions(t.Context(), pool, func(int64) {})
	require.NoError(t, err)
	return report
}

// stored is a store with ten sessions of ten events each.
func stored(t *testing.T) *pgxpool.Pool {
	pool := testdb.New(t)
	_, err := pool.Exec(t.Context(), `
		insert into footfall.inbox (ts, type, usr_id, session_id, view_url_path, view_name, action_type, action_name, action_target_name,
		                            error_type, duration, geo_country_iso_code)
		select '2025-05-17'::timestamptz + n * interval '1 s', case n % 3 when 0 then 'view' when 1 then 'action' else 'error' end,
		       'u' || n % 5, 's' || n % 10, '/' || n % 4, 'Cart', case n % 3 when 1 then 'tap' end, case n % 3 when 1 then 'buy' end,
		       case n % 3 when 1 then 'button' end, case n % 3 when 2 then 'TypeError' end, n / 2.0, 'BR'
		  from generate_series(1, 100) n`)
	require.NoError(t, err)
	_, err = rollup.Drain(t.Context(), pool, rollup.Options{})
	require.NoError(t, err)
	require.Equal(t, check.Report{Sessions: 10, Packed: 10}, compare(t, pool))
	return pool
}

// Whatever is changed beside the worker is found and named, and repaired by what the message says.
func TestDifferencesAreFoundAndRepaired(t *testing.T) {
	pool := stored(t)
	// The fourth of the events, an action.
	const ofEvent = ` from footfall.sessions s where s.session_key = $1 and e.session_key = $1 and e.ts between s.start_ts + interval '30 s' and s.start_ts + interval '31 s'`
	for problem, change := range map[string]string{
		"is not packed":                                   `delete from footfall.tail where session_key = $1`,
		"is packed with another start":                    `update footfall.tail set start_ts = start_ts + interval '1 ms' where session_key = $1`,
		"is packed with another end":                      `update footfall.tail set end_ts = end_ts + interval '1 ms' where session_key = $1`,
		"is not readable: a packed session is empty":      `update footfall.tail set steps = '' where session_key = $1`,
		"is packed as another kind of user's":             `update footfall.users u set kind = 'none' from footfall.sessions s where s.session_key = $1 and u.key = s.user_key`,
		"is packed with other counts":                     `update footfall.sessions set truncated = true where session_key = $1`,
		"is packed with other attributes":                 `update footfall.sessions set country = country + 1 where session_key = $1`,
		"is packed with other tokens":                     otherSteps("tokens"),
		"is packed with other times":                      otherSteps("offsets"),
		"is packed with another duration of event 3":      `update footfall.events e set duration = 1` + ofEvent,
		"is packed with another view name of event 3":     `update footfall.events e set view_name = null` + ofEvent,
		"is packed with another action type of event 3":   `update footfall.events e set action_type = 1` + ofEvent,
		"is packed with another action target of event 3": `update footfall.events e set action_target = null` + ofEvent,
		"is packed with another error type of event 3":    `update footfall.events e set error_type = 1` + ofEvent,
	} {
		t.Run(problem, func(t *testing.T) {
			want := check.Difference{Problem: problem}
			require.NoError(t, pool.QueryRow(t.Context(), `
				select user_key, session_key from footfall.sessions where session_id = 's1'`).Scan(&want.UserKey, &want.SessionKey))
			tag, err := pool.Exec(t.Context(), change, want.SessionKey)
			require.NoError(t, err)
			require.NotZero(t, tag.RowsAffected())
			require.Contains(t, compare(t, pool).First, want)
			require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
			require.Zero(t, compare(t, pool).Differences)
		})
	}
}

// otherSteps changes a session's row and its events, but not what is packed.
func otherSteps(what string) string {
	if what == "tokens" {
		return `with other as (update footfall.events e set token = (select min(id) from footfall.tokens) where session_key = $1)
			update footfall.sessions set tokens = array_fill((select min(id) from footfall.tokens), array[cardinality(tokens)]) where session_key = $1`
	}
	return `with other as (update footfall.events e set ts = e.ts + interval '1 ms' from footfall.sessions s
			where s.session_key = $1 and e.session_key = $1 and e.ts > s.start_ts and e.ts < s.end_ts)
		update footfall.sessions set offsets = array(select o + case n when 1 then 0 when 10 then 0 else 1 end
			from unnest(offsets) with ordinality u (o, n) order by n) where session_key = $1`
}

func TestPackedSessionsOfNobodyAreFoundAndRemoved(t *testing.T) {
	pool := stored(t)
	_, err := pool.Exec(t.Context(), `
		insert into footfall.tail select bucket, user_key, 5, start_ts, end_ts, touched, steps from footfall.tail limit 1`)
	require.NoError(t, err)
	report := compare(t, pool)
	require.EqualValues(t, 1, report.Differences)
	require.EqualValues(t, 5, report.First[0].SessionKey)
	require.Contains(t, report.First[0].String(), "there is no such session")
	require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
	require.Zero(t, compare(t, pool).Differences)
	_, err = pool.Exec(t.Context(), `update footfall.tail set bucket = (bucket + 1) % 16`)
	require.NoError(t, err)
	require.EqualValues(t, 20, compare(t, pool).Differences, "each is missing, and a stranger")
	require.NoError(t, rollup.Rebuild(t.Context(), pool, func(int32, int32) {}))
	require.Zero(t, compare(t, pool).Differences)
}

// A row that its events contradict is the rebuild's to mend.
func TestRowsThatEventsContradict(t *testing.T) {
	for problem, change := range map[string]string{
		"has an event 1 that its row holds otherwise": `update footfall.sessions set offsets[2] = 7 where session_id = 's1'`,
		"has 9 events of the 10 its row holds":        `delete from footfall.events where ts = '2025-05-17T00:00:11'`,
	} {
		pool := stored(t)
		_, err := pool.Exec(t.Context(), change)
		require.NoError(t, err)
		report := compare(t, pool)
		require.EqualValues(t, 1, report.Differences)
		require.Equal(t, problem+"; `footfall rebuild` computes it anew", report.First[0].Problem)
		require.NoError(t, rollup.Rebuild(t.Context(), pool, func(int32, int32) {}))
		require.Zero(t, compare(t, pool).Differences)
	}
}

// sealed is a store as stored makes it, with all sessions in blocks but one that has gone on.
func sealed(t *testing.T) *pgxpool.Pool {
	pool := stored(t)
	run := func(sql string) {
		_, err := pool.Exec(t.Context(), sql)
		require.NoError(t, err)
		_, err = rollup.Drain(t.Context(), pool, rollup.Options{})
		require.NoError(t, err)
	}
	run(`update footfall.settings set tail_sessions = 0`)
	require.Equal(t, check.Report{Sessions: 10, Packed: 10, Sealed: 10}, compare(t, pool))
	run(`update footfall.settings set tail_sessions = 1`)
	run(`insert into footfall.inbox (ts, type, usr_id, session_id) values ('2025-05-17T01:00Z', 'view', 'u2', 's2')`)
	require.Equal(t, check.Report{Sessions: 10, Packed: 10, Sealed: 9}, compare(t, pool))
	return pool
}

// Whatever is wrong with blocks is found and named, and repaired by what the message says.
func TestDifferencesOfBlocksAreFoundAndRepaired(t *testing.T) {
	const twice = `insert into footfall.blocks (bucket, number, format, sessions, events, min_start, max_start, max_end, users, keys, starts, ends, flags, counts,
		                             totals, attributes, list, tokens, offsets, durations, view_names, action_types, action_targets, error_types)
		select bucket, number, format, sessions, events, min_start, max_start, max_end, users, keys, starts, ends, flags, counts,
		       totals, attributes, list, tokens, offsets, durations, view_names, action_types, action_targets, error_types from footfall.blocks`
	for _, fault := range []struct {
		of, problem, change string
		differences         int
	}{
		{"s1", "is not packed", `delete from footfall.blocks`, 9},
		{"s2", "stands in footfall.tail and in a block", `delete from footfall.dead`, 1},
		{"s2", "stands in footfall.tail and in a block", `update footfall.blocks set number = 1000`, 1},
		{"s1", "stands in blocks 2 times", twice, 9},
		{"s1", "is packed with another end", `update footfall.sessions set end_ts = end_ts + interval '1 ms' where session_id = 's1'`, 1},
		{"s1", "is packed with other attributes", `update footfall.sessions set country = country + 1 where session_id = 's1'`, 1},
		{"s1", "is packed with another view name of event 3", `update footfall.events e set view_name = null from footfall.sessions s
			where s.session_id = 's1' and e.session_key = s.session_key and e.ts between s.start_ts + interval '30 s' and s.start_ts + interval '31 s'`, 1},
		{"s1", "is not packed", `update footfall.blocks set bucket = (bucket + 1) % 16`, 18},
		{"", "is not readable: a block of sessions has a column tokens", `
			update footfall.blocks set tokens = set_byte(tokens, length(tokens) - 1, 255 - get_byte(tokens, length(tokens) - 1))`, 0},
	} {
		t.Run(fault.problem, func(t *testing.T) {
			pool := sealed(t)
			_, err := pool.Exec(t.Context(), fault.change)
			require.NoError(t, err)
			report := compare(t, pool)
			var texts string
			for _, d := range report.First {
				texts += d.String() + "\n"
			}
			require.Contains(t, texts, fault.problem)
			if fault.of != "" {
				want := check.Difference{Problem: fault.problem}
				require.NoError(t, pool.QueryRow(t.Context(), `
					select user_key, session_key from footfall.sessions where session_id = $1`, fault.of).Scan(&want.UserKey, &want.SessionKey))
				require.EqualValues(t, fault.differences, report.Differences, texts)
				require.Contains(t, report.First, want)
			}
			require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
			require.Zero(t, compare(t, pool).Differences)
		})
	}
}

func TestCopiesOfNobodyAreFoundAndRemoved(t *testing.T) {
	pool := sealed(t)
	_, err := pool.Exec(t.Context(), `delete from footfall.sessions where session_id in ('s1', 's9')`)
	require.NoError(t, err)
	report := compare(t, pool)
	require.EqualValues(t, 2, report.Differences, "the last one too")
	require.Contains(t, report.First[0].String(), "stands in a block, but there is no such session")
	require.NoError(t, rollup.PackAgain(t.Context(), pool, func(int64) {}))
	require.Zero(t, compare(t, pool).Differences)
}
