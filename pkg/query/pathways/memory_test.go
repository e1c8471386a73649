package pathways

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

func TestPathwaysTakeNoMoreMemoryThanThereIs(t *testing.T) {
	db := questions.Visits(t)
	ask := func(unit PathwayUnit) error {
		q := NewPathways()
		q.Unit = unit
		answer, err := q.Prepare(questions.VisitsContext())
		require.NoError(t, err)
		_, err = answer(t.Context(), db)
		return err
	}
	questions.Memory(t, 8<<20)
	for _, unit := range []PathwayUnit{unitSession, unitUser} {
		require.NoError(t, ask(unit))
		require.Zero(t, questions.Kept(), "what was answered is given back")
	}
	questions.Memory(t, 512<<10)
	for _, unit := range []PathwayUnit{unitSession, unitUser} {
		questions.TooMuch(t, func() error { return ask(unit) })
	}
}
