package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/tools/tempdir"
)

// What hinders the server is told, and there is nothing to stop then.
func TestNoStoreOfAServerThatDoesNotStart(t *testing.T) {
	before := settings
	defer func() { settings = before }()
	settings = []string{"no_such_setting=1"}
	dir, err := tempdir.New("footfall-bench")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	store, err := StartStore(t.Context(), filepath.Join(dir, "postgres"))
	require.Error(t, err)
	require.Nil(t, store)
}
