package questions

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// StoreVisits makes sessions of five events, over ninety days: of users u1, u2 ..., with ids s1, s2 ...
func StoreVisits(t testing.TB, db *pgxpool.Pool, sessions int) {
	t.Helper()
	for _, sql := range []string{
		`insert into footfall.dictionary (id, kind, hash, value)
		 select i, 'country', md5('c' || i)::uuid, (array['BR', 'DE', 'US', 'FR', 'IN'])[i] from generate_series(1, 5) i`,
		`insert into footfall.dictionary (id, kind, hash, value)
		 select 1000 + i, 'page', md5('p' || i)::uuid, '/page/' || i from generate_series(1, 1000) i`,
		`insert into footfall.dictionary (id, kind, hash, value)
		 select 5000 + i, 'action_name', md5('a' || i)::uuid, 'click on ' || i from generate_series(1, 100) i`,
		`insert into footfall.tokens (id, type, page, name) select i, 'view', 1000 + i, null from generate_series(1, 1000) i`,
		`insert into footfall.tokens (id, type, page, name) select 1000 + i, 'action', 1000 + i, 5000 + i from generate_series(1, 100) i`,
		`insert into footfall.users (key, kind, id, name)
		 select i, (case when i % 50 = 0 then 'anonymous' else 'usr' end)::footfall.user_kind, 'u' || i, 'Name ' || md5(i::text)
		   from generate_series(1, $1::int) i`,
		`insert into footfall.user_keys (id, kind, key) select id, kind, key from footfall.users`,
		`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors, frustrations,
		        events, first_session, last_session, last_session_start, attributes)
		 select i, i % 50 = 0, '2026-01-01', timestamptz '2026-01-01' + i * interval '1 min', 1 + i % 7, i % 11, i % 5, 0, 0, i % 13,
		        i, i, '2026-01-01', '{}'
		   from generate_series(1, $1::int) i`,
		`insert into footfall.sessions (user_key, session_key, start_ts, end_ts, last_event_key, country, events, views, actions,
		        errors, frustrations, reported, truncated, session_id, tokens, offsets, pages)
		 select 1 + (i * 7919::bigint) % $1::int, 2 * i + 1, start, start + interval '4 min', md5(i::text)::uuid, 1 + i % 5, 5, 4, 1,
		        0, 0, false, false, 's' || i,
		        array[1 + i % 1000, 1 + i * 13 % 1000, 1001 + i % 100, 1 + i * 29 % 1000, 1 + i * 31 % 1000],
		        '{0, 60000, 120000, 180000, 240000}', array[1001]
		   from generate_series(1, $1::int) i
		  cross join lateral (select timestamptz '2026-01-01' + i * interval '90 days' / ($1::int + 1) as start) at`,
		`create table footfall.events_visits partition of footfall.events for values from ('2026-01-01') to ('2026-05-01')`,
		`insert into footfall.events (user_key, session_key, ts, event_key, token, context, identified, attributes)
		 select s.user_key, s.session_key, s.start_ts + a.ms * interval '1 ms', md5(s.session_key || ' ' || a.ms)::uuid, a.token, 1, true,
		        jsonb_build_object('price', a.token % 100)
		   from footfall.sessions s, unnest(s.tokens, s.offsets) a (token, ms)`,
	} {
		var args []any
		if strings.Contains(sql, "$1") {
			args = append(args, sessions)
		}
		_, err := db.Exec(context.Background(), sql, args...)
		require.NoError(t, err, sql)
	}
	Pack(t, db)
	_, err := db.Exec(context.Background(), `vacuum analyze`)
	require.NoError(t, err)
}

// Pack packs sessions that a test wrote itself, as the worker does in a store from before there were packed ones.
func Pack(t testing.TB, db *pgxpool.Pool) {
	t.Helper()
	_, err := db.Exec(context.Background(), `update footfall.columns set built_from = 'infinity'`)
	require.NoError(t, err)
	_, err = rollup.Drain(context.Background(), db, rollup.Options{})
	require.NoError(t, err)
}

// Visits is a database with 20,000 of them.
func Visits(t *testing.T) *pgxpool.Pool {
	t.Helper()
	return testdb.Copy(t, "visits", func(db *pgxpool.Pool) { StoreVisits(t, db, 20_000) })
}

// VisitsContext is a dashboard that shows all of them.
func VisitsContext() query.Context {
	c := Context()
	c.From = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c.To = c.From.AddDate(0, 0, 90)
	c.Now = c.To
	return c
}

// StorePeople stores one event for each user: an attribute of the user, as JSON, "" for none.
func StorePeople(t testing.TB, db *pgxpool.Pool, attribute string, values ...any) {
	rows := make([]event.Row, len(values))
	for i, value := range values {
		rows[i] = event.Row{TS: "2026-01-02", Type: "view", UserID: strconv.Itoa(i), SessionID: strconv.Itoa(i)}
		encoded, err := json.Marshal(map[string]any{attribute: value})
		require.NoError(t, err)
		rows[i].Attributes = string(encoded)
	}
	history.Load(t, db, rows)
}
