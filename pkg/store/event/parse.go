package event

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Rejection says why a row is not an event: the field, and what is wrong with it and how to mend it.
type Rejection struct {
	Field, Reason string
}

func (r *Rejection) Error() string { return r.Field + ": " + r.Reason }

func reject(field, format string, args ...any) *Rejection {
	return &Rejection{field, fmt.Sprintf(format, args...)}
}

// Oldest is the smallest ts the store takes; the greatest is a day after now.
var Oldest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Parse checks a row against every rule that an event has to keep. It returns an event or a rejection, never both.
func Parse(row *Row, now time.Time) (Event, *Rejection) {
	if rejection := checkTexts(row); rejection != nil {
		return Event{}, rejection
	}
	e := Event{
		UserID: row.UserID, AnonymousID: row.AnonymousID, SessionID: row.SessionID,
		Context: Context{
			Application: row.ApplicationID, Country: strings.ToUpper(row.Country), Region: row.Region, City: row.City,
			DeviceType: row.DeviceType, OSName: row.OSName, OSVersion: row.OSVersion,
			BrowserName: row.BrowserName, BrowserVersion: row.BrowserVersion,
		},
		Page: Page(row.ViewPath), ViewName: row.ViewName,
		ActionType: row.ActionType, ActionName: row.ActionName, ActionTarget: row.ActionTarget,
		ErrorType: row.ErrorType, ErrorMessage: row.ErrorMessage,
	}
	if e.Page != row.ViewPath {
		e.Path = row.ViewPath
	}
	if row.ViewID != "" {
		e.ViewKey = HashInt(row.ViewID)
	}
	for _, step := range []func(*Event, *Row, time.Time) *Rejection{
		parseTS, parseSeq, parseType, parseCountry, parseFrustration, parseDuration, parseAttributes,
	} {
		if rejection := step(&e, row, now); rejection != nil {
			return Event{}, rejection
		}
	}
	e.Key = identity(row)
	return e, nil
}

// identity hashes what tells an event from the others of the same user and ts. Without usr.id the anonymous and the
// session id belong to it, so that it stays the same when the session's user becomes known.
func identity(row *Row) Key {
	id := []string{"id", row.ID}
	if row.ID == "" {
		id = []string{"row", row.Attributes}
		for _, field := range Fields {
			id = append(id, *field.Of(row))
		}
	}
	if row.UserID == "" {
		id = append(id, "of", row.AnonymousID, row.SessionID)
	}
	return HashKey(id...)
}

func checkTexts(row *Row) *Rejection {
	for _, field := range Fields {
		if rejection := checkText(field.Name, *field.Of(row), field.Max); rejection != nil {
			return rejection
		}
	}
	return checkText(AttributesField, row.Attributes, maxAttributes)
}

func checkText(field, value string, limit int) *Rejection {
	switch {
	case len(value) > limit:
		return reject(field, "is %d bytes long; at most %d are kept, shorten it", len(value), limit)
	case strings.IndexByte(value, 0) >= 0:
		return reject(field, "holds a NUL character, which Postgres cannot store; remove it")
	case !utf8.ValidString(value):
		return reject(field, "is not UTF-8; convert it")
	}
	return nil
}

func parseTS(e *Event, row *Row, now time.Time) *Rejection {
	if row.TS == "" {
		return reject("ts", "is missing; give the time of the event, e.g. 2026-05-17T10:05:03.123Z")
	}
	ts, err := ParseTime(row.TS)
	if err != nil {
		return reject("ts", "%v", err)
	}
	switch {
	case ts.Before(Oldest):
		return reject("ts", "%q is before %s; check its format", row.TS, Oldest.Format(time.DateOnly))
	case ts.After(now.Add(24 * time.Hour)):
		return reject("ts", "%q is more than a day ahead; check the sender's clock and time zone", row.TS)
	}
	e.TS = ts.UnixMilli()
	return nil
}

func parseSeq(e *Event, row *Row, _ time.Time) *Rejection {
	if row.Seq == "" {
		return nil
	}
	seq, err := strconv.ParseInt(row.Seq, 10, 64)
	if err != nil {
		return reject("seq", "%q is not a whole number of at most 64 bits", row.Seq)
	}
	e.Seq = &seq
	return nil
}

func parseType(e *Event, row *Row, _ time.Time) *Rejection {
	switch e.Type = Type(row.Type); e.Type {
	case View, Action, Error, Resource, LongTask, Custom:
		return nil
	}
	return reject("type", "%q is none of view, action, error, resource, long_task, custom", row.Type)
}

func parseCountry(e *Event, row *Row, _ time.Time) *Rejection {
	c := e.Context.Country
	if c == "" || len(c) == 2 && c[0] >= 'A' && c[0] <= 'Z' && c[1] >= 'A' && c[1] <= 'Z' {
		return nil
	}
	return reject("geo.country_iso_code", "%q is not an ISO 3166-1 alpha-2 code such as BR", row.Country)
}

func parseFrustration(e *Event, row *Row, _ time.Time) *Rejection {
	list := strings.Trim(row.Frustration, "[] ")
	if list == "" {
		return nil
	}
	for name := range strings.SplitSeq(list, ",") {
		name = strings.Trim(name, `" `)
		bit, known := FrustrationNames[name]
		if !known {
			return reject("action.frustration.type", "%q is none of rage_click, dead_click, error_click, rage_tap, error_tap", name)
		}
		e.Reported |= bit
	}
	return nil
}

func parseDuration(e *Event, row *Row, _ time.Time) *Rejection {
	e.Duration = NoDuration
	if row.Duration == "" {
		return nil
	}
	duration, err := strconv.ParseFloat(row.Duration, 64)
	if err != nil || math.IsNaN(duration) || duration < 0 || duration > 1e15 {
		return reject("duration", "%q is not a number of milliseconds from 0 to 1e15", row.Duration)
	}
	e.Duration = duration
	return nil
}
