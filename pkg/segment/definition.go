// Package segment is named sets of users: what a definition means, who its members are, and how that is kept fresh.
// docs/segment-definitions.md describes it for people, docs/segment.schema.json for programs.
package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// Definition says who belongs to a segment.
type Definition struct {
	// Identity is an attribute of users, user_id by default. All users who share its value with a matching user are
	// members, beside the matching user.
	Identity         string    `json:"identity,omitempty"`
	IncludeAnonymous bool      `json:"includeAnonymous,omitempty"`
	TimeZone         string    `json:"timeZone,omitempty"` // of its dates, an IANA name; DefaultZone where it is missing
	Where            Condition `json:"where"`
}

// Condition has exactly one field set.
type Condition struct {
	All      []Condition `json:"all,omitempty"`
	Any      []Condition `json:"any,omitempty"`
	Not      *Condition  `json:"not,omitempty"`
	Users    string      `json:"users,omitempty"` // a filter on attributes of users
	Did      *Did        `json:"did,omitempty"`
	Sequence *Sequence   `json:"sequence,omitempty"`
	Segment  string      `json:"segment,omitempty"` // id of another segment
	Table    string      `json:"table,omitempty"`   // name of a reference table
}

// Did wants so many events that match a filter: at least one unless something else is said.
type Did struct {
	Event     string  `json:"event"` // a filter on single events
	AtLeast   *int    `json:"atLeast,omitempty"`
	AtMost    *int    `json:"atMost,omitempty"`
	Exactly   *int    `json:"exactly,omitempty"`
	FirstTime bool    `json:"firstTime,omitempty"` // the user's earliest such event ever lies in the window
	Window    *Window `json:"window,omitempty"`
}

// Sequence wants events after each other, see docs/segment-definitions.md for its exact meaning.
type Sequence struct {
	Steps   []Step  `json:"steps"`
	Scope   Scope   `json:"scope,omitempty"`   // session by default
	Within  string  `json:"within,omitempty"`  // such as 30m: from the first step on
	Pending Pending `json:"pending,omitempty"` // exclude by default
	Window  *Window `json:"window,omitempty"`
}

// Step is an event, or that there is none until the next step or the end.
type Step struct {
	Event string `json:"event,omitempty"`
	Not   string `json:"not,omitempty"`
}

// Window limits which events exist for a condition: rolling, or absolute with From or To or both. Nil means all time.
type Window struct {
	Last string `json:"last,omitempty"` // such as 30d
	From string `json:"from,omitempty"` // RFC 3339, or a date, which begins at midnight in the definition's time zone
	To   string `json:"to,omitempty"`   // exclusive
}

// Scope is where the steps of a sequence must be.
type Scope string

// The scopes.
const (
	ScopeSession Scope = "session" // all in one session
	ScopeUser    Scope = "user"    // across sessions
)

// Pending says what becomes of those whose time within has not passed yet.
type Pending string

// The values of Pending.
const (
	PendingExclude Pending = "exclude"
	PendingInclude Pending = "include"
)

// Error is a mistake in a definition.
type Error struct {
	Path    string // such as where.all[1].sequence.within
	Problem string
}

func (e Error) Error() string { return e.Path + " " + e.Problem }

func invalid(path, format string, args ...any) error {
	return Error{path, fmt.Sprintf(format, args...)}
}

// Limits of a definition.
const (
	maxDepth      = 20
	maxConditions = 200
	maxSteps      = 20
	maxBytes      = 256 << 10
)

// Decode reads a definition; unknown fields are refused. Its errors are of type Error.
func Decode(raw []byte) (Definition, error) {
	var d Definition
	if len(raw) > maxBytes {
		return d, invalid("definition", "is longer than %d bytes", maxBytes)
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, describeJSON(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return d, invalid("definition", "goes on after its end")
	}
	return d, d.check()
}

func describeJSON(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) && wrongType.Field != "" {
		return invalid(wrongType.Field, "cannot be a %s", wrongType.Value)
	}
	return invalid("definition", "cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
}

// check looks at what needs no store: Compile does the rest.
func (d Definition) check() error {
	zone, err := d.location()
	if err != nil {
		return err
	}
	return d.Where.check(&checking{zone: zone}, "where", 0)
}

// checking is what a check of conditions goes by.
type checking struct {
	zone       *time.Location // of dates
	conditions int            // so far
}

func (c Condition) check(by *checking, path string, depth int) error {
	if by.conditions++; by.conditions > maxConditions {
		return invalid(path, "is one condition too many; at most %d fit", maxConditions)
	}
	if depth > maxDepth {
		return invalid(path, "is nested more than %d deep", maxDepth)
	}
	if set := c.kinds(); len(set) != 1 {
		return invalid(path, "must have exactly one of all, any, not, users, did, sequence, segment, table; it has %s",
			withDefault(strings.Join(set, ", "), "none"))
	}
	for _, list := range []struct {
		name  string
		parts []Condition
	}{{"all", c.All}, {"any", c.Any}} {
		for i, part := range list.parts {
			if err := part.check(by, fmt.Sprintf("%s.%s[%d]", path, list.name, i), depth+1); err != nil {
				return err
			}
		}
	}
	switch {
	case c.Not != nil:
		return c.Not.check(by, path+".not", depth+1)
	case c.Users != "":
		_, err := parseFilter(path+".users", c.Users)
		return err
	case c.Did != nil:
		return c.Did.check(by, path+".did")
	case c.Sequence != nil:
		return c.Sequence.check(by, path+".sequence")
	case c.Segment != "":
		return checkID(path+".segment", c.Segment)
	}
	return nil
}

// kinds are the names of the fields that are set.
func (c Condition) kinds() []string {
	var set []string
	for name, isSet := range map[string]bool{
		"all": len(c.All) > 0, "any": len(c.Any) > 0, "not": c.Not != nil, "users": c.Users != "", "did": c.Did != nil,
		"sequence": c.Sequence != nil, "segment": c.Segment != "", "table": c.Table != "",
	} {
		if isSet {
			set = append(set, name)
		}
	}
	slices.Sort(set)
	return set
}

var idPattern = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

func checkID(path, id string) error {
	if !idPattern.MatchString(id) {
		return invalid(path, "is %q; an id has up to 64 of a-z, 0-9, - and _ and begins with a letter or digit", id)
	}
	return nil
}

func (d Did) check(by *checking, path string) error {
	if err := checkEvent(path+".event", d.Event); err != nil {
		return err
	}
	counts := 0
	for name, n := range map[string]*int{"atLeast": d.AtLeast, "atMost": d.AtMost, "exactly": d.Exactly} {
		if n == nil {
			continue
		}
		counts++
		if least := btoi(name == "atLeast"); *n < least || *n > 1_000_000_000 {
			return invalid(path+"."+name, "must be %d to 1000000000, not %d", least, *n)
		}
	}
	switch {
	case counts > 1:
		return invalid(path, "can have only one of atLeast, atMost and exactly")
	case d.FirstTime && counts > 0:
		return invalid(path+".firstTime", "does not go with a count: it is about the earliest event alone")
	case d.FirstTime && d.Window == nil:
		return invalid(path+".firstTime", "needs a window for the earliest event to lie in")
	}
	return d.Window.check(by.zone, path+".window")
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (s Sequence) check(by *checking, path string) error {
	if len(s.Steps) < 2 || len(s.Steps) > maxSteps {
		return invalid(path+".steps", "has %d entries; a sequence has 2 to %d", len(s.Steps), maxSteps)
	}
	for i, step := range s.Steps {
		at := fmt.Sprintf("%s.steps[%d]", path, i)
		switch {
		case (step.Event == "") == (step.Not == ""):
			return invalid(at, "must have either event or not")
		case step.Not != "" && i == 0:
			return invalid(at, "cannot be a not: a sequence begins with something that happened")
		}
		if err := checkEvent(at, step.Event+step.Not); err != nil {
			return err
		}
	}
	if !slices.Contains([]Scope{"", ScopeSession, ScopeUser}, s.Scope) {
		return invalid(path+".scope", "is %q; it must be session or user", s.Scope)
	}
	if !slices.Contains([]Pending{"", PendingExclude, PendingInclude}, s.Pending) {
		return invalid(path+".pending", "is %q; it must be exclude or include", s.Pending)
	}
	if _, err := parseDuration(s.Within); s.Within != "" && err != nil {
		return invalid(path+".within", "%s", err)
	}
	return s.Window.check(by.zone, path+".window")
}

// checkEvent refuses what is no filter on events at all; whether its names exist is Compile's to say.
func checkEvent(path, text string) error {
	n, err := parseFilter(path, text)
	if err == nil && n == nil {
		return invalid(path, "is empty; describe an event, for example page:/cart")
	}
	return err
}

func parseFilter(path, text string) (filter.Node, error) {
	n, err := filter.Parse(text)
	if err != nil {
		return nil, invalid(path, "is wrong: %s", err)
	}
	return n, nil
}

func (w *Window) check(zone *time.Location, path string) error {
	switch {
	case w == nil:
		return nil
	case w.Last == "" && w.From == "" && w.To == "":
		return invalid(path, "is empty; give last, or from or to")
	case w.Last != "" && w.From+w.To != "":
		return invalid(path, "has both last and from or to; give one")
	case w.Last != "":
		if _, err := parseDuration(w.Last); err != nil {
			return invalid(path+".last", "%s", err)
		}
		return nil
	}
	from, to, err := w.absolute(zone, path)
	if err == nil && !from.IsZero() && !to.IsZero() && !from.Before(to) {
		return invalid(path, "ends before it begins; exchange from and to")
	}
	return err
}

// absolute parses From and To, dates in a zone; they are zero where they are missing.
func (w *Window) absolute(zone *time.Location, path string) (from, to time.Time, err error) {
	if from, err = parseTime(zone, path+".from", w.From); err != nil {
		return from, to, err
	}
	to, err = parseTime(zone, path+".to", w.To)
	return from, to, err
}

func parseTime(zone *time.Location, path, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, zone); err == nil && at.Year() > 0 {
			return at.UTC(), nil
		}
	}
	return time.Time{}, invalid(path, "is %q; it must be a time such as 2026-01-31T12:00:00Z or a date", text)
}

var durationPattern = regexp.MustCompile(`^([1-9][0-9]{0,8})(ms|s|m|h|d|w)$`)

var durationUnits = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

const longest = 100 * 365 * 24 * time.Hour

func parseDuration(text string) (time.Duration, error) {
	parts := durationPattern.FindStringSubmatch(text)
	if parts == nil {
		return 0, fmt.Errorf("is %q; it must be a duration such as 30m, 12h or 30d", text)
	}
	n, _ := strconv.ParseInt(parts[1], 10, 64)
	if unit := durationUnits[parts[2]]; n <= int64(longest/unit) {
		return time.Duration(n) * unit, nil
	}
	return 0, fmt.Errorf("is %q, more than 100 years", text)
}

func withDefault(text, byDefault string) string {
	if text == "" {
		return byDefault
	}
	return text
}

// Uses lists the segments and tables that the definition speaks of, in filters too, sorted and without repeats. Names tell
// which attributes are columns of tables.
func (d Definition) Uses(names filter.Names) (segments, tables []string) {
	d.Where.walk(func(c Condition) {
		if c.Segment != "" {
			segments = append(segments, c.Segment)
		}
		if c.Table != "" {
			tables = append(tables, c.Table)
		}
		for _, text := range c.filters() {
			n, err := filter.Parse(text)
			if err != nil {
				continue // it is refused elsewhere
			}
			ofSegments, ofTables := filter.Uses(n, names)
			segments, tables = append(segments, ofSegments...), append(tables, ofTables...)
		}
	})
	return unique(segments), unique(tables)
}

func unique(list []string) []string {
	slices.Sort(list)
	return slices.Compact(list)
}

// filters are the texts in the filter language of a condition itself.
func (c Condition) filters() []string {
	switch {
	case c.Users != "":
		return []string{c.Users}
	case c.Did != nil:
		return []string{c.Did.Event}
	case c.Sequence != nil:
		var list []string
		for _, step := range c.Sequence.Steps {
			list = append(list, step.Event+step.Not)
		}
		return list
	}
	return nil
}

func (c Condition) walk(visit func(Condition)) {
	visit(c)
	for _, part := range slices.Concat(c.All, c.Any) {
		part.walk(visit)
	}
	if c.Not != nil {
		c.Not.walk(visit)
	}
}
