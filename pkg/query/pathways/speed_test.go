package pathways

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// pathwaysStoreVisits makes sessions of ten events on average, half of them views, spread over 30 days; every 50th user is
// anonymous.
func pathwaysStoreVisits(t testing.TB, db *pgxpool.Pool, sessions int) {
	t.Helper()
	users := max(sessions/4, 1)
	for _, statement := range []struct {
		sql  string
		args []any
	}{
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
		{`insert into footfall.users (key, kind, id)
		  select i, (case when i % 50 = 0 then 'anonymous' else 'usr' end)::footfall.user_kind, md5(i::text)
		    from generate_series(1, $1::int) i`, []any{users}},
		{`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors,
		         frustrations, events, first_session, last_session, last_session_start)
		  select i, i % 50 = 0, '2026-01-01', '2026-03-01', 1, 1, 1, 0, 0, 1, 1, 1, '2026-03-01'
		    from generate_series(1, $1::int) i`, []any{users}},
		{`insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, country, events, views,
		         actions, errors, frustrations, reported, truncated, tokens, offsets, pages)
		  select 1 + i::bigint * 7919 % $2, i, at, at + interval '1 hour', md5(i::text)::uuid, 2001 + i % 4, n, n / 2, n / 2,
		         0, 0, false, false, tokens, offsets, '{}'
		    from generate_series(1, $1::int) i
		   cross join lateral (select timestamptz '2026-03-01' + i * interval '30 days' / $1::int as at,
		                              1 + (i::bigint * 7907 % 19)::int as n) x
		   cross join lateral (
		     select array_agg(1 + mod(i::bigint * 31 + j * j * 17, 300)::int * mod(j, 3) / 2 + 1000 * mod(j, 2) order by j) as tokens,
		            array_agg(j * 17000 + mod(i::bigint * j, 9973) order by j) as offsets
		       from generate_series(1, n) j) y`, []any{sessions, users}},
		{`vacuum analyze`, nil},
	} {
		_, err := db.Exec(t.Context(), statement.sql, statement.args...)
		require.NoError(t, err)
	}
}

// pathwaysVisitsContext shows days of pathwaysStoreVisits.
func pathwaysVisitsContext(days int) query.Context {
	c := questions.Context()
	c.From = time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	c.To = c.From.AddDate(0, 0, days)
	return c
}

func TestPathwaysReadSessionsByTheirStart(t *testing.T) {
	db := testdb.New(t)
	pathwaysStoreVisits(t, db, 20_000)
	filtered := NewPathways()
	filtered.Filter = `country:BR page:/page/7 -action:"click 5"`
	perUser := NewPathways()
	perUser.Unit = "user"
	for _, q := range []*Pathways{NewPathways(), filtered, perUser, {
		Anchor: "before", Page: "/page/1*", Unit: "session", Repeats: "first", Steps: 20, NodesPerStep: 50, IncludeAnonymous: true,
	}} {
		plan, err := q.plan(pathwaysVisitsContext(1))
		require.NoError(t, err)
		lines := questions.Explain(t, db, plan.sessions)
		require.Contains(t, lines, "sessions_start", q)
		require.NotContains(t, lines, "on events", q)
		require.NotContains(t, lines, "Seq Scan on sessions", q)
	}
}

// BenchmarkPathways asks as the datasource does, of 700,000 sessions with 7,000,000 events.
func BenchmarkPathways(b *testing.B) {
	db := testdb.New(b)
	pathwaysStoreVisits(b, db, 700_000)
	db = testdb.AsDatasource(b, db)
	for _, question := range []struct {
		name   string
		change func(*Pathways)
	}{
		{"default", func(*Pathways) {}},
		{"anonymous too", func(q *Pathways) { q.IncludeAnonymous = true }},
		{"20 steps with actions", func(q *Pathways) { q.Steps, q.Actions = 20, true }},
		{"before a page", func(q *Pathways) { q.Anchor, q.Page = "before", "/page/2" }},
		{"groups", func(q *Pathways) { q.Groups = []string{"/page/1*", "/page/2*"} }},
		{"country", func(q *Pathways) { q.Filter = "country:BR" }},
		{"country and page", func(q *Pathways) { q.Filter = "country:BR page:/page/7" }},
		{"per user", func(q *Pathways) { q.Unit = "user" }},
	} {
		b.Run(question.name, func(b *testing.B) {
			q := NewPathways()
			question.change(q)
			b.ReportAllocs()
			for b.Loop() {
				questions.Ask(b, db, pathwaysVisitsContext(30), q)
			}
		})
	}
	b.Run("drill down", func(b *testing.B) {
		for b.Loop() {
			asked := &PathwayStep{Options: *NewPathways(), Node: &PathwayNode{Step: 2, Name: "(other)"}}
			sessionsBehind(b, db, pathwaysVisitsContext(30), asked)
		}
	})
}
