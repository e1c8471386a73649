package counting

import (
	"testing"

	"github.com/stretchr/testify/require"
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
