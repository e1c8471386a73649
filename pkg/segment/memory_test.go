package segment_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// Where there is no room for what all users did, one is decided after the other.
func TestSegmentsTakeNoMoreMemoryThanThereIs(t *testing.T) {
	db := questions.Visits(t)
	definition := segment.Definition{Where: segment.Condition{Sequence: &segment.Sequence{
		Scope: segment.ScopeUser, Steps: []segment.Step{{Event: "type:view"}, {Event: "type:action"}, {Event: "type:view"}},
	}}}
	env := segment.Env{Now: questions.VisitsContext().Now}
	wanted, err := segment.ReadPreview(t.Context(), db, definition, env)
	require.NoError(t, err)
	require.Positive(t, wanted.Size)
	require.NotContains(t, wanted.Executed, "order by t.user_key")
	questions.Memory(t, 1<<20)
	got, err := segment.ReadPreview(t.Context(), db, definition, env)
	require.NoError(t, err)
	require.Contains(t, got.Executed, "order by t.user_key")
	require.Equal(t, wanted.Size, got.Size)
	require.Equal(t, wanted.Sample, got.Sample)
}
