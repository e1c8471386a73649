package segment

import (
	"context"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/sequence"
)

// endsAfter is a context that ends after so many looks at it.
type endsAfter struct {
	context.Context
	looks int
}

func (e *endsAfter) Err() error {
	if e.looks--; e.looks < 0 {
		return context.Canceled
	}
	return nil
}

func TestHitsAreSortedInParts(t *testing.T) {
	before := sortedAtOnce
	defer func() { sortedAtOnce = before }()
	rapid.Check(t, func(t *rapid.T) {
		sortedAtOnce = rapid.IntRange(1, 10).Draw(t, "at once")
		hits := make([]hit, rapid.IntRange(0, 50).Draw(t, "hits"))
		for i := range hits {
			hits[i] = hit{user: rapid.Int32Range(1, 5).Draw(t, "user"), at: rapid.Int64Range(0, 5).Draw(t, "at"), session: int32(i)}
		}
		want := slices.Clone(hits)
		slices.SortFunc(want, inEventOrder)
		require.NoError(t, sortHits(t.Context(), hits))
		require.Equal(t, want, hits)
	})
}

func TestSortingHitsEndsWithTheContext(t *testing.T) {
	before := sortedAtOnce
	defer func() { sortedAtOnce = before }()
	sortedAtOnce = 4
	f := (&eventConditions{evaluation: &evaluation{ctx: &endsAfter{t.Context(), 3}}, list: []*happening{{plan: sequence.New([]bool{false})}}}).finder(false)
	for i := range int32(1000) {
		f.of[0].hits = append(f.of[0].hits, hit{user: i * 7919 % 1009})
	}
	require.ErrorIs(t, f.settle(), context.Canceled)
	require.False(t, slices.IsSortedFunc(f.of[0].hits, inEventOrder), "it goes on with no more than the part at hand")
	require.True(t, f.of[0].users.IsEmpty())
}
