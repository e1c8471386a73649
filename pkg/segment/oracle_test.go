package segment_test

import (
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
)

// The oracle: who belongs to a segment, found by trying all choices of raw events.

// plain evaluates definitions.
type plain struct {
	world    history.World
	now      time.Time
	members  map[string][]string // ids of users by segment
	tables   map[string][]string // keys by table of e-mails
	matching history.Matcher
}

func (o plain) membersOf(d segment.Definition) []string {
	o.matching.Location = zone(d.TimeZone)
	values := map[any]bool{}
	var matched []*history.User
	for _, u := range o.universe(d) {
		if o.holds(d.Where, u) {
			matched = append(matched, u)
			values[o.identity(d, u)] = true
		}
	}
	var ids []string
	for _, u := range o.universe(d) {
		if v := o.identity(d, u); slices.Contains(matched, u) || v != nil && values[v] {
			ids = append(ids, label(u))
		}
	}
	slices.Sort(ids)
	return ids
}

func label(u *history.User) string {
	if u.Anonymous {
		return "anonymous " + u.ID
	}
	return u.ID
}

func (o plain) universe(d segment.Definition) []*history.User {
	var users []*history.User
	for _, u := range o.world.Users {
		if d.IncludeAnonymous || !u.Anonymous {
			users = append(users, u)
		}
	}
	return users
}

func (o plain) identity(d segment.Definition, u *history.User) any {
	switch d.Identity {
	case "", "usr.id":
		return label(u)
	case "usr.email":
		if email, ok := u.Value("user_email").(string); ok {
			return strings.ToLower(strings.TrimSpace(email))
		}
		return nil
	case "usr.name":
		return u.Value("user_name")
	}
	return u.Value(d.Identity)
}

func (o plain) holds(c segment.Condition, u *history.User) bool {
	is := func(c segment.Condition) bool { return o.holds(c, u) }
	switch {
	case c.All != nil:
		return !slices.ContainsFunc(c.All, func(c segment.Condition) bool { return !is(c) })
	case c.Any != nil:
		return slices.ContainsFunc(c.Any, is)
	case c.Not != nil:
		return !is(*c.Not)
	case c.Users != "":
		return o.matching.User(parse(c.Users), u)
	case c.Did != nil:
		return o.did(*c.Did, u)
	case c.Sequence != nil:
		return o.sequence(*c.Sequence, u)
	case c.Segment != "":
		return slices.Contains(o.members[c.Segment], label(u))
	}
	email, _ := u.Value("user_email").(string)
	return email != "" && slices.Contains(o.tables[c.Table], strings.ToLower(strings.TrimSpace(email)))
}

func parse(text string) filter.Node {
	n, err := filter.Parse(text)
	if err != nil {
		panic(err)
	}
	return n
}

func (o plain) matches(text string, e *history.Event) bool { return o.matching.Event(parse(text), e) }

// window tells which events exist.
func (o plain) window(w *segment.Window, events []*history.Event) []*history.Event {
	var in []*history.Event
	for _, e := range events {
		at := time.UnixMilli(e.TS)
		switch {
		case w == nil:
		case w.Last != "":
			d, err := time.ParseDuration(w.Last)
			if err != nil {
				panic(err)
			}
			if at.Before(o.now.Add(-d)) || !at.Before(o.now) {
				continue
			}
		case w.From != "" && at.Before(o.day(w.From)), w.To != "" && !at.Before(o.day(w.To)):
			continue
		}
		in = append(in, e)
	}
	return in
}

func (o plain) day(text string) time.Time {
	at, err := time.ParseInLocation(time.DateOnly, text, o.matching.Location)
	if err != nil {
		panic(err)
	}
	return at
}

// zone is the one of a definition's dates.
func zone(name string) *time.Location {
	location, err := time.LoadLocation(name) // "" is UTC
	if err != nil {
		panic(err)
	}
	return location
}

func (o plain) did(d segment.Did, u *history.User) bool {
	var matching []*history.Event
	for _, e := range u.Events {
		if o.matches(d.Event, e) {
			matching = append(matching, e)
		}
	}
	n := len(o.window(d.Window, matching))
	switch {
	case d.FirstTime:
		return len(matching) > 0 && len(o.window(d.Window, matching[:1])) == 1
	case d.AtLeast != nil:
		return n >= *d.AtLeast
	case d.AtMost != nil:
		return n <= *d.AtMost
	case d.Exactly != nil:
		return n == *d.Exactly
	}
	return n >= 1
}

func (o plain) sequence(s segment.Sequence, u *history.User) bool {
	units := [][]*history.Event{u.Events}
	if s.Scope != segment.ScopeUser {
		units = nil
		for _, session := range u.Sessions {
			units = append(units, session.Events)
		}
	}
	return slices.ContainsFunc(units, func(events []*history.Event) bool {
		return o.follow(s, s.Steps, o.window(s.Window, events), -1, 0)
	})
}

// follow tells whether some choice of events after the one at last fits the steps; start is when the first one was.
func (o plain) follow(s segment.Sequence, steps []segment.Step, events []*history.Event, last int, start int64) bool {
	var nots []string
	for len(steps) > 0 && steps[0].Not != "" {
		nots, steps = append(nots, steps[0].Not), steps[1:]
	}
	within := int64(-1)
	if s.Within != "" {
		d, err := time.ParseDuration(s.Within)
		if err != nil {
			panic(err)
		}
		within = d.Milliseconds()
	}
	for i := last + 1; i < len(events); i++ {
		e := events[i]
		if within >= 0 && last >= 0 && e.TS > start+within {
			break
		}
		if len(steps) > 0 && o.matches(steps[0].Event, e) {
			begin := start
			if last < 0 {
				begin = e.TS
			}
			if o.follow(s, steps[1:], events, i, begin) {
				return true
			}
		}
		if slices.ContainsFunc(nots, func(not string) bool { return o.matches(not, e) }) {
			return false // whatever comes later has this event before it
		}
	}
	if len(steps) > 0 {
		return false
	}
	passed := start+within <= o.now.UnixMilli()
	return len(nots) == 0 || within < 0 || passed || s.Pending == segment.PendingInclude
}
