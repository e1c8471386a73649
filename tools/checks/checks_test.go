package checks

import (
	"context"
	"errors"
	"os"
	"slices"
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

func TestAStageRunsAllSideBySideAndTellsWhatFailed(t *testing.T) {
	second := make(chan struct{})
	stage := Stage{
		{"one", func(context.Context) (string, error) { <-second; return "a note", errors.New("went wrong") }},
		{"two", silent(func(context.Context) error { close(second); return nil })},
		{"three", silent(func(context.Context) error { return errors.New("this too") })},
	}
	results := stage.run(t.Context())
	require.Len(t, results, 3)
	require.Equal(t, "a note", results[0].note)
	require.EqualError(t, report(results), "failed: one, three")
	require.NoError(t, report(results[1:2]))
}

func TestAllHasEveryCheckOnce(t *testing.T) {
	names := func(groups ...[]Stage) (names []string) {
		for _, stage := range slices.Concat(groups...) {
			for _, check := range stage {
				names = append(names, check.Name)
			}
		}
		return names
	}
	require.ElementsMatch(t, names(Go, Frontend, EndToEnd), names(All))
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
