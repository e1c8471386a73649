package columns

// Riders is how many wait for scans that have not begun.
func Riders() (n int) {
	sharing.mutex.Lock()
	defer sharing.mutex.Unlock()
	for _, shared := range sharing.open {
		n += len(shared.riders)
	}
	return n
}
