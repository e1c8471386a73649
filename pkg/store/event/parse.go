package event

import (
	"fmt"
	"iter"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footfall-analytics/footfall/pkg/country"
)

// Rejection says why a row is not an event: the field, and what is wrong with it and how to mend it.
type Rejection struct {
	Field  string
	Value  string // what was sent, shortened; empty where the reason does not speak of it
	Reason string // the same for all values that are wrong in the same way, so that rejections can be counted by it
}

func (r *Rejection) Error() string { return r.Field + ": " + r.Text() }

// Text is the reason with the value.
func (r *Rejection) Text() string { return textOf(r.Value, r.Reason) }

// Flaw is a field of an event that is kept without it, or with less of it: an optional field that broke a rule.
type Flaw struct {
	Field, Value, Reason string // as in Rejection
}

// Text is the reason with the value.
func (f *Flaw) Text() string { return textOf(f.Value, f.Reason) }

func textOf(value, reason string) string {
	if value == "" {
		return reason
	}
	return fmt.Sprintf("%q %s", value, reason)
}

// IsNoTime tells whether a row was rejected since its ts is none.
func IsNoTime(r *Rejection) bool { return r.Reason == errNoTime.Error() }

func reject(field, value, format string, args ...any) *Rejection {
	return &Rejection{field, Shorten(value), fmt.Sprintf(format, args...)}
}

func (e *Event) flaw(field, value, reason string) {
	e.Flaws = append(e.Flaws, Flaw{field, Shorten(value), reason})
}

// maxShown is how much of a value is quoted, in bytes.
const maxShown = 100

// Shorten is a value as messages quote it.
func Shorten(value string) string {
	value = strings.ReplaceAll(strings.ToValidUTF8(value, "\ufffd"), "\x00", "\ufffd")
	if len(value) <= maxShown {
		return value
	}
	return cut(value, maxShown) + "..."
}

// cut takes the first bytes of a text, in whole characters.
func cut(text string, limit int) string {
	for limit > 0 && limit < len(text) && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}

// Oldest is the smallest ts the store takes; the greatest is a day after now.
var Oldest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Parse checks a row against every rule that an event has to keep. It returns an event or a rejection, never both. Only
// ts, type and ids reject a row; what is wrong with other fields is left out or cut, and told in the event's Flaws.
func Parse(row *Row, now time.Time) (Event, *Rejection) {
	var e Event
	sent := row
	row, rejection := e.checkTexts(row)
	if rejection != nil {
		return Event{}, rejection
	}
	e.UserID, e.AnonymousID, e.SessionID = row.UserID, row.AnonymousID, row.SessionID
	e.Context = Context{
		Application: row.ApplicationID, Region: row.Region, City: row.City,
		DeviceType: row.DeviceType, OSName: row.OSName, OSVersion: row.OSVersion,
		BrowserName: row.BrowserName, BrowserVersion: row.BrowserVersion,
	}
	e.ViewName = row.ViewName
	e.ActionType, e.ActionName, e.ActionTarget = row.ActionType, actionName(row), row.ActionTarget
	e.ErrorType, e.ErrorMessage = row.ErrorType, row.ErrorMessage
	e.SetPage(row.ViewPath, DefaultPageRules)
	if row.ViewID != "" {
		e.ViewKey = HashInt(row.ViewID)
	}
	if rejection := parseTS(&e, row, now); rejection != nil {
		return Event{}, rejection
	}
	if rejection := parseType(&e, row); rejection != nil {
		return Event{}, rejection
	}
	for _, step := range []func(*Event, *Row){parseSeq, parseCountry, parseFrustration, parseDuration, parseAttributes} {
		step(&e, row)
	}
	e.Version = e.Type == View && row.ViewID != "" && row.SessionID != ""
	e.Key = identity(sent, e.TS)
	return e, nil
}

// actionName is what an action is called: without a name by type and target, "click on CHECKOUT", and where the
// application sent it by itself, so that the type says nothing, by the target.
func actionName(row *Row) string {
	switch {
	case row.ActionName != "" || row.ActionTarget == "":
		return row.ActionName
	case row.ActionType == "" || row.ActionType == string(Custom):
		return row.ActionTarget
	}
	name := row.ActionType + " on " + row.ActionTarget
	return cut(name, min(len(name), maxName))
}

// identity hashes what tells an event from the others of the same user and ts. Without usr.id the anonymous and the
// session id belong to it, so that it stays the same when the session's user becomes known. A view's id is its view.id,
// and in a session that is all, since later versions of a view may say another user. Without any id it is what the row
// means: seq belongs to that, as the source tells events apart by it.
func identity(row *Row, ts int64) Key {
	id := []string{"id", row.ID}
	switch {
	case row.Type == string(View) && row.ViewID != "" && row.SessionID != "":
		return HashKey("view", row.ViewID, row.SessionID)
	case row.Type == string(View) && row.ViewID != "":
		id[1] = row.ViewID
	case row.ID == "":
		id = []string{"row", meaning(row, ts)}
	}
	if row.UserID == "" {
		id = append(id, "of", row.AnonymousID, row.SessionID)
	}
	return HashKey(id...)
}

// meaning is the content of a row without id, which was sent at ts.
func meaning(row *Row, ts int64) string {
	var c Content
	c.AddTime("ts", ts)
	for i := range Fields {
		if field := &Fields[i]; field.Name != "ts" {
			c.Add(field.Name, *field.Of(row))
		}
	}
	c.Add(AttributesField, row.Attributes)
	return string(c.Bytes())
}

// checkTexts returns the row with all texts as Postgres and the limits want them: the same one where they are.
func (e *Event) checkTexts(row *Row) (*Row, *Rejection) {
	checked := row
	for i := range Fields {
		field := &Fields[i]
		value := *field.Of(row)
		reason := checkText(value, field.Max)
		switch {
		case reason == "":
			continue
		case field.Rejects:
			return nil, reject(field.Name, value, "%s", reason)
		case checked == row:
			mended := *row
			checked = &mended
		}
		*field.Of(checked) = e.mendText(field, value, reason)
	}
	return checked, nil
}

// mendText cuts what is too long, and leaves out all else that Postgres could not take.
func (e *Event) mendText(field *Field, value, reason string) string {
	if storable(value) == "" && field.Cut {
		e.flaw(field.Name, value, fmt.Sprintf("is longer than %d bytes, the rest is cut off", field.Max))
		return cut(value, field.Max)
	}
	e.flaw(field.Name, value, reason)
	return ""
}

// checkText says what is wrong with a text and how to mend it, "" if nothing is.
func checkText(value string, limit int) string {
	if len(value) > limit {
		return fmt.Sprintf("is longer than %d bytes; shorten it", limit)
	}
	return storable(value)
}

func storable(value string) string {
	switch {
	case strings.IndexByte(value, 0) >= 0:
		return "holds a NUL character, which Postgres cannot store; remove it"
	case !utf8.ValidString(value):
		return "is not UTF-8; convert it"
	}
	return ""
}

func parseTS(e *Event, row *Row, now time.Time) *Rejection {
	if row.TS == "" {
		return reject("ts", "", "is missing; give the time of the event, e.g. 2026-05-17T10:05:03.123Z")
	}
	ts, err := ParseTime(row.TS)
	if err != nil {
		return reject("ts", row.TS, "%v", err)
	}
	switch {
	case ts.Before(Oldest):
		return reject("ts", row.TS, "is before %s; check its format", Oldest.Format(time.DateOnly))
	case ts.After(now.Add(24 * time.Hour)):
		return reject("ts", row.TS, "is more than a day ahead; check the sender's clock and time zone")
	}
	e.TS = ts.UnixMilli()
	return nil
}

func parseType(e *Event, row *Row) *Rejection {
	switch e.Type = Type(row.Type); e.Type {
	case View, Action, Error, Resource, LongTask, Custom:
		return nil
	case "":
		return reject("type", "", "is missing; give one of view, action, error, resource, long_task, custom")
	}
	return reject("type", row.Type, "is none of view, action, error, resource, long_task, custom")
}

func parseSeq(e *Event, row *Row) {
	if row.Seq == "" {
		return
	}
	seq, err := strconv.ParseInt(row.Seq, 10, 64)
	if err != nil {
		e.flaw("seq", row.Seq, "is not a whole number of at most 64 bits")
		return
	}
	e.Seq = &seq
}

func parseCountry(e *Event, row *Row) {
	if row.Country == "" {
		return
	}
	if e.Context.Country = country.Code(strings.TrimSpace(row.Country)); e.Context.Country == "" {
		e.flaw("geo.country_iso_code", row.Country, "is no country: neither an ISO 3166-1 code such as BR nor an English name")
	}
}

// parseFrustration keeps the types that are known.
func parseFrustration(e *Event, row *Row) {
	for name := range frustrationNames(row.Frustration) {
		bit, known := FrustrationNames[name]
		if !known {
			e.flaw("action.frustration.type", name, "is none of rage_click, dead_click, error_click, rage_tap, error_tap")
		}
		e.Reported |= bit
	}
}

// frustrationNames are those of a list, as JSON or with commas alone.
func frustrationNames(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		list := strings.Trim(text, "[] ")
		if list == "" {
			return
		}
		for name := range strings.SplitSeq(list, ",") {
			if !yield(strings.Trim(name, `" `)) {
				return
			}
		}
	}
}

func parseDuration(e *Event, row *Row) {
	e.Duration = NoDuration
	if row.Duration == "" {
		return
	}
	duration, err := strconv.ParseFloat(row.Duration, 64)
	if err != nil || math.IsNaN(duration) || duration < 0 || duration > 1e15 {
		e.flaw("duration", row.Duration, "is not a number of milliseconds from 0 to 1e15")
		return
	}
	e.Duration = duration
}
