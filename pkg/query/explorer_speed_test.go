package query

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// storeMarch makes sessions of ten events on average, spread over March 2026, and their events if wanted.
func storeMarch(t testing.TB, db *pgxpool.Pool, sessions int, withEvents bool) {
	t.Helper()
	users := sessions/4 + 1
	for _, statement := range []struct {
		sql  string
		args []any
	}{
		{`create table footfall.events_2026_03 partition of footfall.events for values from ('2026-03-01Z') to ('2026-04-01Z')`, nil},
		{`insert into footfall.dictionary (id, kind, hash, value)
		  select i, 'page'::footfall.dictionary_kind, md5('p' || i)::uuid, '/page/' || i from generate_series(1, 300) i
		  union all
		  select 1000 + i, 'action_name', md5('a' || i)::uuid, 'click ' || i from generate_series(1, 300) i
		  union all
		  select 2000 + i, 'country', md5('c' || i)::uuid, (array['BR', 'DE', 'US', 'FR'])[i] from generate_series(1, 4) i`, nil},
		{`insert into footfall.tokens (id, type, page, name)
		  select i, 'view'::footfall.event_type, i, null::integer from generate_series(1, 300) i
		  union all
		  select 1000 + i, 'action', i, 1000 + i from generate_series(1, 300) i`, nil},
		{`insert into footfall.contexts (id, country) select i, 2000 + i from generate_series(1, 4) i`, nil},
		{`insert into footfall.users (key, kind, id)
		  select i, (case when i % 50 = 0 then 'anonymous' else 'usr' end)::footfall.user_kind, md5(i::text)
		    from generate_series(1, $1::int) i`, []any{users}},
		{`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors,
		         frustrations, events, first_session, last_session, last_session_start, attributes)
		  select i, i % 50 = 0, '2026-01-01', '2026-03-01', 1 + i % 40, 1, 1, 0, 0, 1, 1, 1, '2026-03-01',
		         jsonb_build_object('usr.plan', (array['free', 'pro', 'enterprise'])[1 + i % 3])
		    from generate_series(1, $1::int) i`, []any{users}},
		{`insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, country, events, views,
		         actions, errors, frustrations, reported, truncated, tokens, offsets, pages)
		  select 1 + i::bigint * 7919 % $2, i, at, at + offsets[n] * interval '1 ms', md5(i::text)::uuid, 2001 + i % 4, n,
		         n / 2, n / 2, 0, 0, false, false, tokens, offsets, '{}'
		    from generate_series(1, $1::int) i
		   cross join lateral (select timestamptz '2026-03-01Z' + i * interval '30 days' / $1::int as at,
		                              1 + (i::bigint * 7907 % 19)::int as n) x
		   cross join lateral (
		     select array_agg(1 + mod(i::bigint * 31 + j * j * 17, 300)::int * mod(j, 3) / 2 + 1000 * mod(j, 2) order by j) as tokens,
		            array_agg(j * 17000 + mod(i::bigint * j, 9973) order by j) as offsets
		       from generate_series(0, n - 1) j) y`, []any{sessions, users}},
		{`insert into footfall.events (user_key, session_key, ts, seq, event_key, duration, token, context, identified, attributes)
		  select s.user_key, s.session_key, s.start_ts + a."offset" * interval '1 ms', a.place,
		         md5(s.session_key || '-' || a.place)::uuid, a.place * 10, a.token, s.country - 2000, true,
		         case when a.place % 3 = 0 then jsonb_build_object('price', a.place) end
		    from footfall.sessions s
		   cross join unnest(s.tokens, s.offsets) with ordinality a (token, "offset", place)
		   where $1::boolean`, []any{withEvents}},
		{`vacuum analyze`, nil},
	} {
		_, err := db.Exec(t.Context(), statement.sql, statement.args...)
		require.NoError(t, err)
	}
}

// marchContext shows days of storeMarch.
func marchContext(days int) Context {
	c := testContext()
	c.From = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	c.To = c.From.AddDate(0, 0, days)
	return c
}

func TestExplorerReadsSessionsByTheirStart(t *testing.T) {
	db := testdb.New(t)
	storeMarch(t, db, 12_000, true)
	for _, options := range []string{
		`{}`,
		`{"facets": [{"attribute": "country"}], "measures": [{"measure": "users"}, {"measure": "sessions"}]}`,
		`{"filter": "page:/page/7", "facets": [{"attribute": "page", "other": true}, {"attribute": "action"}]}`,
		`{"facets": [{"attribute": "frustration"}], "measures": [{"measure": "median", "attribute": "time_on_page"}]}`,
		`{"over": "sessions", "measures": [{"measure": "p95", "attribute": "session_duration"}, {"measure": "users"}]}`,
		`{"over": "users", "facets": [{"attribute": "usr.plan"}]}`,
	} {
		plan, err := explorerOf(t, options).plan(marchContext(1))
		require.NoError(t, err)
		lines := explainAnalyze(t, db, plan.statement)
		require.Contains(t, lines, "sessions_start", options)
		require.NotContains(t, lines, "Seq Scan on sessions", options)
		requireNoneRead(t, lines, "events_2026_03", options)
	}
}

func TestExplorerReadsEventsOfUsersByTheirKey(t *testing.T) {
	db := testdb.New(t)
	storeMarch(t, db, 12_000, true)
	plan, err := explorerOf(t,
		`{"filter": "user_id:c4ca4238a0b923820dcc509a6f75849b", "facets": [{"attribute": "attributes.price"}]}`).plan(marchContext(30))
	require.NoError(t, err)
	lines := explainAnalyze(t, db, plan.statement)
	require.Contains(t, lines, "events_2026_03_pkey")
	require.NotContains(t, lines, "Seq Scan on events_2026_03")
}

// explainAnalyze runs a statement and returns how.
func explainAnalyze(t *testing.T, db *pgxpool.Pool, s store.Statement) string {
	s.SQL = "(analyze, timing off, summary off) " + s.SQL
	return explain(t, db, s)
}

// requireNoneRead wants that no row of a table was read.
func requireNoneRead(t *testing.T, plan, table, text string) {
	t.Helper()
	for line := range strings.SplitSeq(plan, "\n") {
		if strings.Contains(line, " on "+table) {
			require.Regexp(t, `never executed|actual rows=0`, line, text)
		}
	}
}

// explorerQuestions and what one would ask of the table of events instead; "" where it does not tell.
var explorerQuestions = []struct{ name, options, naive string }{
	{
		"events per day", `{"interval": "day"}`,
		`select date_trunc('day', ts), count(*) from footfall.events where ts >= $1 and ts < $2 group by 1`,
	},
	{
		"events, users per day and country", `{"interval": "day", "facets": [{"attribute": "country"}], "measures": [{"measure": "count"}, {"measure": "users"}]}`,
		`select date_trunc('day', ts), c.country, count(*), count(distinct user_key)
			   from footfall.events e join footfall.contexts c on c.id = e.context where ts >= $1 and ts < $2 group by 1, 2`,
	},
	{
		"events per page", `{"format": "table", "facets": [{"attribute": "page"}]}`,
		`select k.page, count(*) from footfall.events e join footfall.tokens k on k.id = e.token
			  where ts >= $1 and ts < $2 group by 1 order by 2 desc limit 10`,
	},
	{
		"events, users, sessions per page", `{"format": "table", "facets": [{"attribute": "page"}], "measures": [{"measure": "count"}, {"measure": "users"}, {"measure": "sessions"}]}`,
		`select k.page, count(*), count(distinct user_key), count(distinct (user_key, session_key))
			   from footfall.events e join footfall.tokens k on k.id = e.token
			  where ts >= $1 and ts < $2 group by 1 order by 2 desc limit 10`,
	},
	{"views per page", `{"format": "table", "filter": "type:view", "facets": [{"attribute": "page"}]}`, ""},
	{"views of a country per page", `{"format": "table", "filter": "type:view country:BR", "facets": [{"attribute": "page"}]}`, ""},
	{
		"users per day who saw a page", `{"interval": "day", "filter": "page:/page/7 type:view", "measures": [{"measure": "users"}]}`,
		`select date_trunc('day', ts), count(distinct user_key) from footfall.events e join footfall.tokens k on k.id = e.token
			  where ts >= $1 and ts < $2 and k.page = 7 and k.type = 'view' group by 1`,
	},
	{
		"median time on page per page", `{"format": "table", "facets": [{"attribute": "page"}], "measures": [{"measure": "median", "attribute": "time_on_page"}]}`,
		`select page, percentile_cont(0.5) within group (order by ms) from (
			   select k.page, extract(epoch from lead(ts) over (partition by user_key, session_key order by ts, seq, event_key) - ts) * 1000 as ms
			     from footfall.events e join footfall.tokens k on k.id = e.token
			    where ts >= $1 and ts < $2 and k.type = 'view') x group by 1 order by 2 desc nulls last limit 10`,
	},
	{
		"sessions, users per country", `{"over": "sessions", "format": "table", "facets": [{"attribute": "country"}], "measures": [{"measure": "count"}, {"measure": "users"}]}`, "",
	},
	{"p95 of session duration per day", `{"over": "sessions", "interval": "day", "measures": [{"measure": "p95", "attribute": "session_duration"}]}`, ""},
	{"users per day and plan", `{"over": "users", "interval": "day", "facets": [{"attribute": "usr.plan"}]}`, ""},
	{"most active users", `{"format": "table", "facets": [{"attribute": "user_id"}]}`, ""},
	{
		"average price per day", `{"interval": "day", "measures": [{"measure": "avg", "attribute": "attributes.price"}]}`,
		`select date_trunc('day', ts), avg((attributes ->> 'price')::double precision) from footfall.events
			  where ts >= $1 and ts < $2 group by 1`,
	},
}

// BenchmarkExplorer asks of 700,000 sessions with seven million events, as many as 30 of 90 days have in a store of 20 million, and beside it what one would ask of the table
// of events.
func BenchmarkExplorer(b *testing.B) {
	db := testdb.New(b)
	storeMarch(b, db, 700_000, true)
	db = testdb.AsDatasource(b, db)
	for _, question := range explorerQuestions {
		c := marchContext(30)
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				ask(b, db, c, explorerOf(b, question.options))
			}
		})
		if question.naive == "" {
			continue
		}
		b.Run(question.name+", naive", func(b *testing.B) {
			for b.Loop() {
				_, err := db.Exec(b.Context(), question.naive, c.From, c.To)
				require.NoError(b, err)
			}
		})
	}
}
