package plugin

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestWorkerSwitch(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `
insert into footfall.inbox (ts, type, usr_id, session_id, event_id, view_url_path)
values ('2026-01-01T00:00:00Z', 'view', 'u-1', 's-1', 'e-1', '/')`)
	require.NoError(t, err)
	waiting := func() (n int) {
		require.NoError(t, db.QueryRow(t.Context(), `select count(*) from footfall.inbox`).Scan(&n))
		return n
	}
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{
		ID: "all", Name: "All", Kind: segment.Dynamic, Definition: &segment.Definition{Where: segment.Condition{Users: "events:>0"}},
	}, "test"))
	for _, pgBouncer := range []bool{false, true} {
		s := storedFor(db)
		s.json["runWorker"], s.json["pgBouncer"] = true, pgBouncer
		made, err := New(t.Context(), s.settings(t))
		require.NoError(t, err)
		d := made.(*Datasource)
		eventually(t, "the event is rolled up", func() bool { return waiting() == 0 })
		eventually(t, "the segment is computed", func() bool {
			s, err := segment.Get(t.Context(), db, "all")
			require.NoError(t, err)
			return s.ComputedAt != nil
		})
		d.Dispose()
		<-d.worker.done

		_, err = db.Exec(t.Context(), `
insert into footfall.inbox (ts, type, usr_id, session_id, event_id, view_url_path)
values ('2026-01-02T00:00:00Z', 'view', 'u-2', 's-2', 'e-2', '/')`)
		require.NoError(t, err)
	}
	require.Equal(t, 1, waiting(), "nobody works after Dispose")
	require.Equal(t, []string{"u-2", "u-1"}, userIDs(t, start(t, storedFor(db)).query(t.Context(), t, `{}`)))
}
