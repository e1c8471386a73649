package segment

// KeepHits makes goroutines keep no more than so many hits, and returns what undoes it.
func KeepHits(n int) (undo func()) {
	before := maxHits
	maxHits = n
	return func() { maxHits = before }
}
