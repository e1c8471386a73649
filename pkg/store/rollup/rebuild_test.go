package rollup_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A rebuild holds some thousands of events at a time, however many a user or nobody has, and gives what stood.
func TestRebuildReadsSomeEventsAtATime(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := testdb.New(t)
	if _, err := pool.Exec(ctx, `
		insert into footfall.inbox (ts, type, event_id, usr_id, session_id, action_type, action_name, view_url_path, attributes)
		-- Of nobody, outside of sessions.
		select to_char(timestamp '2025-05-17' + i * interval '1 s', 'YYYY-MM-DD HH24:MI:SS'), 'view', i::text, null, null, null, null,
		       '/' || i % 100, '{"nobody_says": 1}'
		  from generate_series(1, 25000) i
		 union all
		-- Of one user: sessions with ids, and sessions made of gaps.
		select to_char(timestamp '2025-05-17' + i * interval '20 s', 'YYYY-MM-DD HH24:MI:SS'), 'action', i::text, 'bot',
		       case when i % 2 = 0 then 's' || i / 100 end, 'click', 'buy', '/', null
		  from generate_series(1, 30000) i`); err != nil {
		t.Fatal(err)
	}
	drain(t, pool, 20_000)
	tables := func() (text string) {
		if err := pool.QueryRow(ctx, `
			select (select md5(string_agg(s::text, ';' order by user_key, session_key)) from footfall.sessions s)
			       || (select md5(string_agg(e::text, ';' order by user_key, ts, event_key)) from footfall.events e)
			       || (select md5(string_agg(p::text, ';' order by user_key)) from footfall.profiles p)
			       || (select md5(string_agg(a::text, ';' order by name)) from footfall.attribute_names a)`).Scan(&text); err != nil {
			t.Fatal(err)
		}
		return text
	}
	before := tables()
	if _, err := pool.Exec(ctx, `delete from footfall.attribute_names`); err != nil {
		t.Fatal(err)
	}
	most := mostRows{}
	config := pool.Config().Copy()
	config.ConnConfig.Tracer = &most
	watched, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	defer watched.Close()
	rebuild(t, watched)
	if most.rows > 20_000 {
		t.Errorf("one query brought %d rows, more than 20,000", most.rows)
	}
	if tables() != before {
		t.Error("the rebuild changed what stood")
	}
}

// mostRows is the greatest number of rows that a query brought.
type mostRows struct{ rows int64 }

func (m *mostRows) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

func (m *mostRows) TraceQueryEnd(_ context.Context, _ *pgx.Conn, data pgx.TraceQueryEndData) {
	m.rows = max(m.rows, data.CommandTag.RowsAffected())
}
