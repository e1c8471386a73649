package explorer

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

func TestExplorerTakesNoMoreMemoryThanThereIs(t *testing.T) {
	db := questions.Visits(t)
	c := questions.VisitsContext()
	const options = `{"interval": "day", "facets": [{"attribute": "page", "limit": 5}], "measures": [{"measure": "users"}, {"measure": "median", "attribute": "time_on_page"}]}`
	wanted := questions.AskOne(t, db, c, explorerOf(t, options))
	// Pages by day are not counted for all pages then. Which goroutine lacks room first is chance.
	for _, megabytes := range []int64{2, 3, 4, 6} {
		questions.Memory(t, megabytes<<20)
		got := questions.AskOne(t, db, c, explorerOf(t, options))
		require.Equal(t, wanted.Fields, got.Fields, "%d MB", megabytes)
		require.Zero(t, questions.Kept(), "what was answered is given back")
	}
	for _, options := range []string{
		options,
		`{"format": "value", "measures": [{"measure": "median", "attribute": "time_on_page"}]}`,
		`{"over": "sessions", "facets": [{"attribute": "usr.plan"}]}`,
		`{"over": "sessions", "filter": "session_events:>1"}`,
	} {
		questions.Memory(t, 64<<10)
		questions.TooMuch(t, func() error {
			answer, err := explorerOf(t, options).Prepare(c)
			require.NoError(t, err)
			_, err = answer(t.Context(), db)
			return err
		})
	}
}
