package segment

import "github.com/footfall-analytics/footfall/pkg/columns"

// Limit makes goroutines keep no more than so many hits and moments, and sessions be looked up where they are no more than so
// many. It returns what undoes it.
func Limit(hits, lookedUp int) (undo func()) {
	hitsBefore, momentsBefore, before := maxHits, maxMoments, columns.MostLookedUp
	maxHits, maxMoments, columns.MostLookedUp = hits, hits, lookedUp
	return func() { maxHits, maxMoments, columns.MostLookedUp = hitsBefore, momentsBefore, before }
}
