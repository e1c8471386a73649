package query

import "time"

// StartOfDay is the first moment of the day of t, some days on.
func StartOfDay(t time.Time, days int) time.Time {
	year, month, day := t.Date()
	first := time.Date(year, month, day+days, 0, 0, 0, 0, t.Location())
	set, next := first.ZoneBounds()
	_, offset := first.Zone()
	wanted := time.Date(year, month, day+days, 0, 0, 0, 0, time.UTC).Unix()
	switch shown := first.Unix() + int64(offset); {
	case shown < wanted: // there was no midnight, the clock was put forward then
		return next
	case shown > wanted || set.IsZero():
		return first
	}
	// Midnight came twice if the clock was put back soon after the first one.
	_, before := set.Add(-time.Second).Zone()
	if earlier := first.Add(time.Duration(offset-before) * time.Second); before > offset && earlier.Before(set) {
		return earlier
	}
	return first
}
