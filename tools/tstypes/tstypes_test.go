package tstypes

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/tools/repo"
)

func TestFrontendHasTheTypesOfTheBackend(t *testing.T) {
	root, err := repo.Root()
	require.NoError(t, err)
	wanted, err := generate(root)
	require.NoError(t, err)
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(File)))
	require.NoError(t, err)
	require.Empty(t, cmp.Diff(string(text), wanted), "%s is out of date: run `go tool mage types` and commit what it writes", File)
}
