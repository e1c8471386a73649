package repo

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// Two branches that each add a migration take the same number, and nothing conflicts when they meet.
func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	files, err := os.ReadDir(filepath.Join(root, "pkg", "store", "schema", "migrations"))
	require.NoError(t, err)
	require.Len(t, files, store.SchemaVersion, "store.SchemaVersion is the number of migrations")
	for i, file := range files {
		require.Regexp(t, fmt.Sprintf(`^%03d_\w+\.sql$`, i+1), file.Name())
	}
}
