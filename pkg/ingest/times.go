package ingest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/itchyny/timefmt-go"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Times say how ts is written where that is not one of the usual ways.
type Times struct {
	Format string         // as strptime has it, "%d.%m.%Y %H:%M"; "" for the usual ways
	Zone   *time.Location // of times without zone; nil for UTC
}

// ParseTimes checks a format and reads the name of a time zone; both may be "".
func ParseTimes(format, zone string) (Times, error) {
	t := Times{Format: format}
	if zone != "" {
		location, err := time.LoadLocation(zone)
		if err != nil || zone == "Local" {
			return t, fmt.Errorf("--time-zone %s: there is no such time zone; write a name such as Europe/Berlin or UTC", zone)
		}
		t.Zone = location
	}
	if format == "" {
		return t, nil
	}
	// What the format writes of a moment it must read as the same day.
	moment := time.Date(2026, 11, 23, 10, 5, 3, 0, time.UTC)
	again, err := Times{Format: format}.parse(timefmt.Format(moment, format))
	if err != nil || !again.Truncate(24*time.Hour).Equal(moment.Truncate(24*time.Hour)) {
		return t, fmt.Errorf("--time-format %s: a whole date and time is needed, as strptime writes it, for example '%%d.%%m.%%Y %%H:%%M:%%S'", format)
	}
	return t, nil
}

func (t Times) usual() bool { return t.Format == "" && t.Zone == nil }

func (t Times) zone() *time.Location {
	if t.Zone == nil {
		return time.UTC
	}
	return t.Zone
}

var errFormat = errors.New("is not written as --time-format says")

func (t Times) parse(text string) (time.Time, error) {
	if t.Format == "" {
		return event.ParseTimeIn(text, t.zone())
	}
	ts, err := timefmt.ParseInLocation(strings.TrimSpace(text), t.Format, t.zone())
	if err != nil {
		return time.Time{}, errFormat
	}
	return ts.UTC(), nil
}

// rewrite is the value with its time as the inbox takes it.
func (t Times) rewrite(v value) value {
	if t.usual() || v.text == "" || v.bad != "" {
		return v
	}
	ts, err := t.parse(v.text)
	if err != nil {
		v.bad = err.Error()
		return v
	}
	v.text = ts.UTC().Format(time.RFC3339Nano)
	return v
}
