package questions

import (
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
)

// StoreMarch makes sessions of ten events on average, spread over March 2026, and their events if wanted.
func StoreMarch(t testing.TB, db *pgxpool.Pool, sessions int, withEvents bool) {
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
