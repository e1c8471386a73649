package segment

import "github.com/footfall-analytics/footfall/pkg/columns"

// Limit makes goroutines keep no more than so many hits, and sessions be looked up where they are no more than so many. It
// returns what undoes it.
func Limit(hits, lookedUp int) (undo func()) {
	hitsBefore, before := maxHits, columns.MostLookedUp
	maxHits, columns.MostLookedUp = hits, lookedUp
	return func() { maxHits, columns.MostLookedUp = hitsBefore, before }
}
