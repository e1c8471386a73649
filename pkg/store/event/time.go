package event

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// layouts of a date and time as prepare leaves them; fractions of a second parse without being named. A zone is an
// offset: names of zones but UTC and GMT mean different ones to different people.
var layouts = []string{
	"2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05Z0700", "2006-01-02 15:04:05Z07",
	"2006-01-02 15:04", "2006-01-02 15:04Z07:00", "2006-01-02 15:04Z0700", "2006-01-02 15:04Z07", "2006-01-02",
	"02/Jan/2006:15:04:05Z0700",                                       // access logs
	"Mon, 02 Jan 2006 15:04:05Z0700", "Mon, 2 Jan 2006 15:04:05Z0700", // mails, HTTP
	"Mon Jan 02 2006 15:04:05 GMTZ0700", "Mon Jan _2 15:04:05 Z0700 2006", // JavaScript, Ruby
	"20060102T150405Z0700", "20060102T150405Z07:00", "20060102T150405",
}

// usualLayouts are tried first, as they stand. Separator is where they have what stands between date and time.
var usualLayouts = []string{time.RFC3339, "2006-01-02 15:04:05"}

const separator = len(time.DateOnly)

var errNoTime = errors.New("is not a time; write 2026-05-17T10:05:03.123Z, or milliseconds since 1970")

// ParseTime reads a time without zone as one of UTC; see ParseTimeIn.
func ParseTime(text string) (time.Time, error) { return ParseTimeIn(text, time.UTC) }

// ParseTimeIn reads a date and time with or without fraction and zone, which is then the one given; or seconds,
// milliseconds, microseconds or nanoseconds since 1970, told apart by size, with or without fraction. It cuts to
// milliseconds.
func ParseTimeIn(text string, zone *time.Location) (time.Time, error) {
	ts, err := readTime(text, zone)
	return floorMilli(ts), err
}

// readTime is ParseTimeIn before it cuts.
func readTime(text string, zone *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	for _, layout := range usualLayouts {
		if len(text) <= separator || text[separator] != layout[separator] {
			continue // an error of time.Parse costs more than a time
		}
		if ts, err := time.ParseInLocation(layout, text, zone); err == nil {
			return ts, nil
		}
	}
	if number := epoch.FindStringSubmatch(text); number != nil {
		return parseEpoch(number[1], number[2])
	}
	prepared := prepare(text)
	for _, layout := range layouts {
		if ts, err := time.ParseInLocation(layout, prepared, zone); err == nil {
			return ts, nil
		}
	}
	return time.Time{}, errNoTime
}

var (
	epoch     = regexp.MustCompile(`^(-?[0-9]+)(?:\.([0-9]+))?$`)
	isoDate   = regexp.MustCompile(`^([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})[ Tt]`)
	spaceZone = regexp.MustCompile(`([0-9]) ([+-][0-9]{2}(?::?[0-9]{2})?)$`)
	utcZone   = regexp.MustCompile(`([0-9]) ?(?:UTC|GMT|[Zz])$`)
	zoneName  = regexp.MustCompile(`([+-][0-9]{2}:?[0-9]{2}|Z)(?: [A-Z]{3,5}|\[[A-Za-z_/+-]+\]| \([A-Za-z ]+\))$`)
)

// prepare writes a time in one of few ways: a space between date and time, the offset right behind, Z for UTC. What
// stands behind an offset, such as the zone's name, says nothing more.
func prepare(text string) string {
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		text = text[1 : len(text)-1]
	}
	text = isoDate.ReplaceAllString(text, "$1-$2-$3 ")
	text = zoneName.ReplaceAllString(text, "$1")
	text = utcZone.ReplaceAllString(text, "${1}Z")
	return spaceZone.ReplaceAllString(text, "$1$2")
}

// parseEpoch reads a number of a unit that its whole part tells.
func parseEpoch(whole, fraction string) (time.Time, error) {
	n, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, errNoTime
	}
	ts, unit := time.Unix(0, n), time.Nanosecond
	switch {
	case n > -1e11 && n < 1e11:
		ts, unit = time.Unix(n, 0), time.Second
	case n > -1e14 && n < 1e14:
		ts, unit = time.UnixMilli(n), time.Millisecond
	case n > -1e17 && n < 1e17:
		ts, unit = time.UnixMicro(n), time.Microsecond
	}
	if unit == time.Second && fraction != "" {
		milli, _ := strconv.Atoi((fraction + "00")[:3]) // digits alone
		if strings.HasPrefix(whole, "-") {
			milli = -milli
		}
		ts = ts.Add(time.Duration(milli) * time.Millisecond)
	}
	return ts, nil
}

func floorMilli(ts time.Time) time.Time { return ts.UTC().Truncate(time.Millisecond) }
