package checks

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/tools/postgres"
)

func TestOtherMajorsAreThoseTheFirstRunLeftOut(t *testing.T) {
	require.Equal(t, []int{15, 16}, otherMajors([]postgres.Install{{Major: 18}, {Major: 15}, {Major: 18}, {Major: 16}, {Major: 15}}))
	require.Empty(t, otherMajors([]postgres.Install{{Major: 15}}))
	require.Empty(t, otherMajors(nil))
}

func TestDatabasePackages(t *testing.T) {
	t.Chdir("../..")
	found, err := databasePackages()
	require.NoError(t, err)
	require.Contains(t, found, testdbPackage)
	require.Equal(t, "github.com/footfall-analytics/footfall/pkg/store/rollup", found[0], "the slowest first")
	require.NotContains(t, found, "github.com/footfall-analytics/footfall/pkg/country")
	require.NotContains(t, found, "github.com/footfall-analytics/footfall/tools/preview", "which uses testdb, but has no SQL of its own")
}

func TestTogetherRunsAllAndTellsWhatFailed(t *testing.T) {
	second := make(chan struct{})
	fails := func(text string, first func()) func(context.Context) (string, error) {
		return silent(func(context.Context) error { first(); return errors.New(text) })
	}
	_, err := together(fails("one", func() { <-second }), fails("two", func() { close(second) }))(t.Context())
	require.ErrorContains(t, err, "one")
	require.ErrorContains(t, err, "two")
}

func TestPrerequisitesNamesEverythingThatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("CHROMIUM", "")
	err := Prerequisites()
	require.ErrorContains(t, err, "missing node")
	require.ErrorContains(t, err, "missing npm")
	require.ErrorContains(t, err, "missing gcc")
	if _, statErr := os.Stat(chromium()); statErr != nil {
		require.ErrorContains(t, err, "missing "+chromium())
	}
}
