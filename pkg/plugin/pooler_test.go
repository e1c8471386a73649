package plugin

import (
	"net/http"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestBehindPooler asks, changes and works behind a PgBouncer in transaction mode, with and without the switch that says
// so, each thing more often than the pooler has connections.
func TestBehindPooler(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	config, err := pgx.ParseConfig(testdb.BehindPooler(t, db))
	require.NoError(t, err)
	for _, told := range []bool{true, false} {
		s := storedForConfig(config)
		s.json["pgBouncer"], s.json["runWorker"] = told, true
		c := start(t, s)
		require.Equal(t, backend.HealthStatusOk, c.health(t).Status) // Grafana starts a datasource when somebody asks
		for i := range 6 {
			_, err := db.Exec(t.Context(), `
				insert into footfall.inbox (ts, type, usr_id, session_id, event_id, view_url_path)
				values ('2026-01-05T10:00:00Z', 'view', 'u-1', 's-1', 'e-' || $1::int, '/')`, i)
			require.NoError(t, err)
			eventually(t, "the worker rolls up", func() bool {
				status, err := store.ReadStatus(t.Context(), db)
				require.NoError(t, err)
				require.Empty(t, status.LastError)
				return status.Inbox == 0
			})
			require.Equal(t, []string{"u-1"}, userIDs(t, c.query(t.Context(), t, `{"filter": "page:/ events:>0"}`)))
			c.ask(t, "POST", "tables?name=vip&key=id&identity=usr.id", "id,tier\nu-1,1\n", http.StatusOK, nil)
			c.ask(t, "POST", "segments", `{"id": "vip", "name": "VIP", "kind": "dynamic", "definition": {"where": {"table": "vip"}}}`,
				http.StatusCreated, nil)
			var computed segment.Segment
			c.ask(t, "POST", "segments/vip/refresh", "", http.StatusOK, &computed)
			require.EqualValues(t, 1, *computed.Size)
			c.ask(t, "DELETE", "segments/vip", "", http.StatusOK, nil)
		}
	}
}
