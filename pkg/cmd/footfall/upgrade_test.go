package main

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A store of schema version 1 with an event: its attributes have names after the rebuild that migrate and status ask for,
// and its pages stay as they are until somebody asks for other rules.
func TestUpgradeFromTheFirstVersion(t *testing.T) {
	ctx := context.Background()
	pool := testdb.Empty(t)
	dsn := pool.Config().ConnString()
	t.Setenv("FOOTFALL_DSN", dsn)
	first, err := os.ReadFile("../../store/schema/migrations/001_store.sql")
	require.NoError(t, err)
	exec(t, dsn, `create schema footfall`)
	err = pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, string(first))
		return err
	})
	require.NoError(t, err)
	_, err = testdb.Connect(t, dsn).Exec(ctx, `
		create table footfall.schema_version (version int4 not null);
		insert into footfall.schema_version values (1);
		create table footfall.events_2025_05 partition of footfall.events for values from ('2025-05-01Z') to ('2025-06-01Z');
		insert into footfall.user_keys values ('ann', 'usr', 1);
		insert into footfall.users (key, kind, id) values (1, 'usr', 'ann');
		insert into footfall.dictionary values (1, 'page', 'b86e0a5d-8dd8-4d64-94a1-3ae8c61e8cd2', '/about/');
		insert into footfall.tokens values (1, 'view', 1, null, 0);
		insert into footfall.contexts (id) values (1);
		insert into footfall.traits values (1, 'b86e0a5d-8dd8-4d64-94a1-3ae8c61e8cd2', '{"usr.plan": "pro"}');
		insert into footfall.events (user_key, session_key, ts, event_key, token, context, traits, identified, attributes)
		values (1, 2, '2025-05-17', 'b86e0a5d-8dd8-4d64-94a1-3ae8c61e8cd2', 1, 1, 1, true, '{"price": 12, "cart": {"size": "L"}}');
		update footfall.worker set events = 1, user_key = 1, dictionary_id = 1, token_id = 1, context_id = 1, traits_id = 1`)
	require.NoError(t, err)

	require.Contains(t, succeed(t, "migrate"), "run `footfall rebuild` once")
	require.Contains(t, succeed(t, "status"), "Warning: the names of attributes")
	require.Regexp(t, `\(all\) +15m0s +no +no +no +no +none\n`, succeed(t, "applications", "list"))
	succeed(t, "rebuild")
	require.NotContains(t, succeed(t, "status"), "Warning")
	require.NotContains(t, succeed(t, "migrate"), "rebuild")
	require.Equal(t, []string{"/about/"}, pages(t, dsn))
	var names string
	require.NoError(t, pool.QueryRow(ctx, `
		select string_agg(level || ' ' || name || ' ' || numeric, ', ' order by name) from footfall.attribute_names`).Scan(&names))
	require.Equal(t, "event cart.size false, event price true, user usr.plan false", names)
}
