package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestBehindPooler runs every command that needs a database twice behind a PgBouncer in transaction mode, in one store:
// what the first run leaves on a connection must not meet the second.
func TestBehindPooler(t *testing.T) {
	direct := testdb.Empty(t)
	t.Setenv("FOOTFALL_DSN", testdb.BehindPooler(t, direct))
	table := write(t, "vip.csv", "usr.id,tier\ndemo-1,gold\nann,silver\n")
	folder := filepath.Join(t.TempDir(), "segments")
	require.NoError(t, os.Mkdir(folder, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "all.json"),
		[]byte(`{"id":"all","name":"All","kind":"dynamic","definition":{"where":{"users":"events:>0"}}}`), 0o600))
	file := write(t, "events.csv", "ts,type,usr.id,view.url_path\n2026-05-17T10:00:00Z,view,ann,/a\n2026-05-17T10:00:01Z,view,bob,/b\n")
	forgotten := []string{"ann", "bob"}
	for round := range 2 {
		for _, args := range [][]string{
			{"migrate"},
			{"demo", "--users", "20", "--days", "3", "--seed", fmt.Sprint(round), "--until", "2026-05-17T10:00:00Z"},
			{"import", "--session-gap", "30m", file},
			{"tables", "upload", "--name", "vip", "--key", "usr.id", table},
			{"segments", "apply", folder},
			{"work", "--once"},
			{"status"},
			{"segments", "refresh", "all"},
			{"segments", "members", "all"},
			{"segments", "list"},
			{"segments", "show", "all"},
			{"segments", "export", t.TempDir()},
			{"tables", "list"},
			{"tables", "export", "vip"},
			{"pages", "group", "/product/*"},
			{"pages", "list"},
			{"pages", "ungroup"},
			{"rebuild"},
			{"forget", "--user", forgotten[round]},
		} {
			require.NotEmpty(t, succeed(t, args...), args)
		}
	}
	status := readStatus(t)
	require.Positive(t, status.Events)
	require.Zero(t, status.Inbox)
	require.Empty(t, status.LastError)
	succeed(t, "tables", "delete", "vip")

	var locks int
	require.NoError(t, direct.QueryRow(t.Context(), `
		select count(*) from pg_locks
		 where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())`).Scan(&locks))
	require.Zero(t, locks, "nothing stays locked on the pooler's connections")
}
