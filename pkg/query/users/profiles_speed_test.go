package users

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// storeMany makes users in the database: every 50th is anonymous, names and ids are as good as random.
func storeMany(t testing.TB, db *pgxpool.Pool, users int) {
	t.Helper()
	for _, sql := range []string{
		`insert into footfall.dictionary (id, kind, hash, value)
		 select i, 'country', md5('c' || i)::uuid, (array['BR', 'DE', 'US', 'FR', 'IN', 'CN', 'JP', 'GB', 'ES', 'IT'])[i]
		   from generate_series(1, 10) i`,
		`insert into footfall.dictionary (id, kind, hash, value)
		 select 1000 + i, 'city', md5('t' || i)::uuid, 'City ' || md5(i::text) from generate_series(1, 5000) i`,
		`insert into footfall.dictionary (id, kind, hash, value)
		 select 10000 + i, 'page', md5('p' || i)::uuid, '/page/' || i from generate_series(1, 100000) i`,
		`insert into footfall.users (key, kind, id, name, email)
		 select i, (case when i % 50 = 0 then 'anonymous' else 'usr' end)::footfall.user_kind, md5(i::text),
		        'Name ' || substr(md5('n' || i), 1, 12), substr(md5('e' || i), 1, 12) || '@example.com'
		   from generate_series(1, $1::int) i`,
		`insert into footfall.profiles (user_key, anonymous, first_seen, last_seen, sessions, views, actions, errors,
		        frustrations, events, first_session, last_session, last_session_start, first_country, last_country,
		        first_city, last_city, attributes)
		 select i, i % 50 = 0, '2026-01-01', timestamptz '2026-03-01' + i * 7919 % 2592000 * interval '1 s',
		        1 + i * 31 % 40, i * 17 % 900, i * 13 % 900, i % 9, i % 7, i * 11 % 2000, i, i, '2026-03-01',
		        1 + i % 10, 1 + i * 7 % 10, 1001 + i % 5000, 1001 + i * 13 % 5000,
		        jsonb_build_object('usr.plan', (array['free', 'pro', 'enterprise'])[1 + i % 3], 'usr.price', i % 100)
		   from generate_series(1, $1::bigint) i`,
	} {
		var args []any
		if strings.Contains(sql, "$1") {
			args = append(args, users)
		}
		_, err := db.Exec(context.Background(), sql, args...)
		require.NoError(t, err)
	}
	_, err := db.Exec(context.Background(), `vacuum analyze`)
	require.NoError(t, err)
}

func TestProfilesUseTheirIndexes(t *testing.T) {
	db := testdb.New(t)
	storeMany(t, db, 50_000)
	for index, q := range map[string]*Profiles{
		"profiles_last_seen": NewProfiles(),
		"users_search":       {WhichUsers: WhichUsers{Search: "abcdef"}, Limit: 100},
	} {
		plan, err := q.plan(questions.Context())
		require.NoError(t, err)
		lines := questions.Explain(t, db, plan.rows)
		require.Contains(t, lines, index)
		require.NotContains(t, lines, "Seq Scan on")
	}
}

// BenchmarkProfiles asks as the datasource does, of a million users.
func BenchmarkProfiles(b *testing.B) {
	db := testdb.New(b)
	storeMany(b, db, 1_000_000)
	db = testdb.AsDatasource(b, db)
	for _, question := range []struct {
		name string
		Profiles
	}{
		{"default", Profiles{}},
		{"page 100", Profiles{Offset: 10_000}},
		{"10000 rows", Profiles{Limit: 10_000}},
		{"search 3 characters", Profiles{WhichUsers: WhichUsers{Search: "abc"}}},
		{"search 6 characters", Profiles{WhichUsers: WhichUsers{Search: "abcdef"}}},
		{"search nobody", Profiles{WhichUsers: WhichUsers{Search: "zzz"}}},
		{"search everybody", Profiles{WhichUsers: WhichUsers{Search: "example"}}},
		{"search 2 characters", Profiles{WhichUsers: WhichUsers{Search: "zz"}}},
		{"sort by sessions", Profiles{Sort: query.Sort{Column: "sessions", Descending: true}}},
		{"sort by first seen", Profiles{Sort: query.Sort{Column: "first_seen", Descending: false}}},
		{"sort by country", Profiles{Sort: query.Sort{Column: "last_country", Descending: false}}},
		{"sort by city", Profiles{Sort: query.Sort{Column: "last_city", Descending: false}}},
		{"sort by name", Profiles{Sort: query.Sort{Column: "user_name", Descending: false}}},
		{"sort by custom text", Profiles{Sort: query.Sort{Column: "usr.plan", Descending: false}}},
		{"sort by custom number", Profiles{Sort: query.Sort{Column: "usr.price", Descending: true}}},
		{"filter by country", Profiles{WhichUsers: WhichUsers{Filters: []filter.Condition{{Attribute: "last_country", Operator: "=", Values: []string{"BR"}}}}}},
		{"total", Profiles{IncludeTotal: true}},
	} {
		b.Run(question.name, func(b *testing.B) {
			q := question.Profiles
			if q.Limit == 0 {
				q.Limit = 100
			}
			for b.Loop() {
				questions.Ask(b, db, questions.Context(), &q)
			}
		})
	}
}
