package explorer

import (
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// marchContext shows days of storeMarch.
func marchContext(days int) query.Context {
	c := questions.Context()
	c.From = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	c.To = c.From.AddDate(0, 0, days)
	return c
}

func TestExplorerReadsSessionsByTheirStart(t *testing.T) {
	db := testdb.New(t)
	questions.StoreMarch(t, db, 12_000, true)
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
	questions.StoreMarch(t, db, 12_000, true)
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
	return questions.Explain(t, db, s)
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
	questions.StoreMarch(b, db, 700_000, true)
	db = testdb.AsDatasource(b, db)
	for _, question := range explorerQuestions {
		c := marchContext(30)
		b.Run(question.name, func(b *testing.B) {
			for b.Loop() {
				questions.Ask(b, db, c, explorerOf(b, question.options))
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
