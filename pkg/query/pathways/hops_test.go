package pathways

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHopsAreReadAsTheyWereAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rapid.Custom(func(t *rapid.T) hop {
			h := hop{from: rapid.Int32Range(1, math.MaxInt32).Draw(t, "from"), to: rapid.Int32Range(0, math.MaxInt32).Draw(t, "to")}
			if h.to != 0 {
				h.took = rapid.Int64Range(0, math.MaxInt64).Draw(t, "took")
			}
			return h
		})
		few := rapid.SliceOfN(draw, 1, 20).Draw(t, "hops")
		times := rapid.IntRange(0, 500).Draw(t, "times") // over several blocks
		var added []hop
		var first, second hopList
		for range times {
			for _, h := range few {
				added = append(added, h)
				if len(added) <= len(few)*times/3 {
					first.add(h)
				} else {
					second.add(h)
				}
			}
		}
		first.join(&second)
		var read []hop
		going := 0
		for i, h := range first.all() {
			require.Equal(t, len(read), i)
			read = append(read, h)
			if h.to != 0 {
				going++
			}
		}
		require.Equal(t, added, read)
		require.Equal(t, going, first.going)
	})
}
