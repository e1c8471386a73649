package counting

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestMedianOfDurations(t *testing.T) {
	const months = 90 * 24 * 3600 * 1000
	for _, test := range []struct {
		list   []int64
		median any
	}{
		{nil, nil}, {[]int64{5}, 5.0}, {[]int64{7, 2}, 4.5}, {[]int64{months, 1, months + 2}, float64(months)}, {[]int64{months, 2}, months/2 + 1.0},
	} {
		d := &Durations{}
		for _, ms := range test.list {
			d.Add(ms)
		}
		if test.median == nil {
			require.Nil(t, d.Percentile(0.5))
			continue
		}
		require.Equal(t, test.median, *d.Percentile(0.5))
	}
}

// Fractions stand among whole numbers, wherever they are kept.
func TestFractionsAreInOrder(t *testing.T) {
	d := &Durations{}
	for _, ms := range []float64{7, 2.5, 1 << 40, 3} {
		d.AddReal(ms)
	}
	require.Equal(t, 2.5, *d.Percentile(0))
	require.Equal(t, 5.0, *d.Percentile(0.5))
	d.AddReal(0.25)
	require.Equal(t, 3.0, *d.Percentile(0.5))
	require.Equal(t, 0.25+2.5+3+7+1<<40, *d.Sum())
}

// Users count once, whether they are few or many, and wherever in between new ones come.
func TestPeopleCountOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var p people
		known := map[int32]bool{}
		users := rapid.SliceOfN(rapid.Int32Range(1, rapid.Int32Range(1, 200_000).Draw(t, "greatest")), 0, 1500).Draw(t, "users")
		for i, user := range users {
			require.Equal(t, !known[user], p.add(user), "user %d, of %v", user, users[:i])
			known[user] = true
		}
	})
}

// Percentiles are those of the sorted list, also of what is nearly sorted, or much the same.
func TestPercentilesAreOfTheSortedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		greatest := rapid.Uint32Range(0, 1<<20).Draw(t, "greatest")
		list := rapid.SliceOfN(rapid.Uint32Range(0, greatest), 1, 300).Draw(t, "list")
		if rapid.Bool().Draw(t, "in order") {
			slices.Sort(list)
		}
		sorted := slices.Sorted(slices.Values(list))
		d := Durations{short: list}
		for _, p := range []float64{rapid.Float64Range(0, 1).Draw(t, "p"), 0.5, 1, 0} {
			place := p * float64(len(list)-1)
			low, high := float64(sorted[int(math.Floor(place))]), float64(sorted[int(math.Ceil(place))])
			require.InDelta(t, low+(place-math.Floor(place))*(high-low), *d.Percentile(p), 1e-6)
		}
	})
}
