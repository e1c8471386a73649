package ingest_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// An import that is taken back while it runs ends, and nothing of it stays.
func TestImportTakenBackWhileItRuns(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	var content strings.Builder
	content.WriteString("ts,type,usr.id\n")
	for i := range 9000 {
		fmt.Fprintf(&content, "%d,view,u%d\n", 1779012303000+i, i%7)
	}
	file := filepath.Join(t.TempDir(), "long.csv")
	require.NoError(t, os.WriteFile(file, []byte(content.String()), 0o600))
	undone := false
	report, err := ingest.Import(ctx, pool, []string{file}, ingest.Options{
		Mapping: ingest.Mapping{}, ChunkRows: 1500,
		OnProgress: func(p ingest.Progress) {
			if undone || p.Rows < 4000 {
				return
			}
			undone = true
			_, err := rollup.Drain(ctx, pool, rollup.Options{})
			require.NoError(t, err)
			u, err := rollup.Undo(ctx, pool, 1, rollup.UndoOptions{Step: 1000})
			require.NoError(t, err)
			require.EqualValues(t, 3000, u.Events)
		},
	})
	require.ErrorContains(t, err, "this import was taken back while it ran")
	require.EqualValues(t, 3000, report.Taken)
	imports, err := store.Imports(ctx, pool)
	require.NoError(t, err)
	require.Equal(t, "undone", imports[0].State)
	var left int
	require.NoError(t, pool.QueryRow(ctx, `
		select (select count(*) from footfall.inbox) + (select count(*) from footfall.events) + (select count(*) from footfall.users)`).Scan(&left))
	require.Zero(t, left)
}
