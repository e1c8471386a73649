//go:build !linux

package store

// limitUnacknowledged is left to the system's own time-outs.
func limitUnacknowledged(uintptr) {}
