package segment

// Limit makes goroutines keep no more than so many hits, and sessions be looked up where they are no more than so many. It
// returns what undoes it.
func Limit(hits, rare int) (undo func()) {
	hitsBefore, rareBefore := maxHits, maxRare
	maxHits, maxRare = hits, rare
	return func() { maxHits, maxRare = hitsBefore, rareBefore }
}
