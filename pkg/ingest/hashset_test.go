package ingest

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHashSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Few different first bytes and small numbers make full tables and long probes.
		hash := rapid.Custom(func(t *rapid.T) uint64 {
			return rapid.Uint64Range(0, 2).Draw(t, "table")<<56 | rapid.Uint64Range(1, 300).Draw(t, "rest")<<rapid.SampledFrom([]int{0, 47}).Draw(t, "shift")
		})
		var set hashSet
		seen := map[uint64]bool{}
		for _, h := range rapid.SliceOfN(hash, 0, 1000).Draw(t, "hashes") {
			require.Equal(t, !seen[h], set.add(h))
			seen[h] = true
		}
	})
}

func TestHashSetIsSmall(t *testing.T) {
	const rows = 2_000_000
	heap := func() uint64 {
		var stats runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	before := heap()
	var set hashSet
	for range rows {
		set.add(rand.Uint64())
	}
	perRow := float64(heap()-before) / rows
	require.Less(t, perRow, 16.0, "bytes per row")
	require.True(t, set.add(0))
	require.False(t, set.add(0))
}
