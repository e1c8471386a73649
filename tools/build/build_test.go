package build

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestIsStale(t *testing.T) {
	dir := t.TempDir()
	product, source := filepath.Join(dir, "product"), filepath.Join(dir, "source")
	stale := func() bool {
		t.Helper()
		result, err := isStale(product, source, filepath.Join(dir, "optional"))
		require.NoError(t, err)
		return result
	}
	require.NoError(t, os.Mkdir(source, 0o755))
	file := filepath.Join(source, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.True(t, stale(), "missing")

	require.NoError(t, os.WriteFile(product, nil, 0o644))
	past := time.Now().Add(-time.Hour)
	require.NoError(t, os.Chtimes(product, past, past))
	require.True(t, stale(), "older than a file in the source")

	require.NoError(t, touch(product))
	require.False(t, stale(), "made after its source")
}
