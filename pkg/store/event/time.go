package event

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// layouts of a date and time once the T between them is a space; fractions of a second parse without being named.
var layouts = []string{
	"2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05Z07",
	"2006-01-02 15:04", "2006-01-02",
}

var errNoTime = errors.New("is not a time; write 2026-05-17T10:05:03.123Z, or milliseconds since 1970")

// ParseTime reads a date and time with or without fraction and zone (without one it is UTC), or a whole number of
// seconds, milliseconds, microseconds or nanoseconds since 1970, told apart by size. It cuts to milliseconds.
func ParseTime(text string) (time.Time, error) {
	if n, err := strconv.ParseInt(text, 10, 64); err == nil {
		return parseEpoch(n), nil
	}
	spaced := strings.Replace(strings.Replace(text, "T", " ", 1), " Z", "Z", 1)
	for _, layout := range layouts {
		if ts, err := time.Parse(layout, spaced); err == nil {
			return floorMilli(ts), nil
		}
	}
	return time.Time{}, errNoTime
}

func parseEpoch(n int64) time.Time {
	switch {
	case n > -1e11 && n < 1e11:
		return time.Unix(n, 0).UTC()
	case n > -1e14 && n < 1e14:
		return time.UnixMilli(n).UTC()
	case n > -1e17 && n < 1e17:
		return floorMilli(time.UnixMicro(n))
	}
	return floorMilli(time.Unix(0, n))
}

func floorMilli(ts time.Time) time.Time { return ts.UTC().Truncate(time.Millisecond) }
