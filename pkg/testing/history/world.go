// Package history is what tests compare answers with: random histories of events, and a plain computation of the
// users, sessions and frustrations that they amount to. It shares event.Parse with the worker and nothing else; every
// definition is docs/definitions.md once more, short enough to be checked by reading.
package history

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// World is what a store must know, with its default settings.
type World struct {
	Events   []*Event // in event order
	Sessions []*Session
	Users    []*User // with a usr.id or an anonymous id, by id

	PageGroups []string // patterns

	// NotKept came again, as the event or version of a view that another one was kept of. The store may know its texts.
	NotKept []*Event
}

// Event is an event with everything that is found out about it.
type Event struct {
	event.Event
	User        *User    // nil where it belongs to nobody
	Session     *Session // nil outside of sessions
	Frustration event.Frustration
	PageGroup   string // the pattern that its page is shown as, "" for none
}

// Session is a session; User is nil for those of nobody.
type Session struct {
	User   *User
	ID     string // "" where made of gaps
	Events []*Event
}

// User is someone with a usr.id, or an anonymous id.
type User struct {
	ID        string
	Anonymous bool
	Sessions  []*Session // by start, then id, then application
	Events    []*Event   // in event order
	Traits    map[string]any
	Segments  []string // ids of the segments that the test put the user in
}

// Of computes what the events amount to; they come in the order of their arrival, which matters only where one identity
// was sent with differing payloads: the first wins.
func Of(arrived []event.Event) World {
	w := World{}
	w.Events, w.NotKept = once(arrived)
	slices.SortFunc(w.Events, func(a, b *Event) int { return a.Order().Compare(b.Order()) })
	keys := giveUsers(&w)
	makeSessions(&w, keys)
	for _, s := range w.Sessions {
		markFrustrations(s.Events)
	}
	for _, u := range w.Users {
		u.finish()
	}
	slices.SortFunc(w.Users, func(a, b *User) int { return cmp.Or(cmp.Compare(a.ID, b.ID), compareBool(a.Anonymous, b.Anonymous)) })
	return w
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// group shows pages by patterns, the first that matches.
func (w *World) group(patterns []string) {
	w.PageGroups = patterns
	for _, e := range slices.Concat(w.Events, w.NotKept) {
		for _, pattern := range patterns {
			parts := strings.Split(pattern, "*")
			for i, part := range parts {
				parts[i] = regexp.QuoteMeta(part)
			}
			if e.Page != "" && regexp.MustCompile(`(?s)^`+strings.Join(parts, ".*")+`$`).MatchString(e.Page) {
				e.PageGroup = pattern
				break
			}
		}
	}
}

// once keeps the first arrival of each identity; of the versions of a view the first that says a usr.id, if one does.
func once(arrived []event.Event) (events, notKept []*Event) {
	type identity struct {
		user string
		ts   int64
		key  event.Key
	}
	seen := map[identity]*Event{}
	for _, e := range arrived {
		id := identity{e.UserID, e.TS, e.Key}
		if e.Version {
			id.user = ""
		}
		this := &Event{Event: e, Frustration: e.Reported}
		switch first := seen[id]; {
		case first == nil:
			seen[id] = this
			events = append(events, this)
		case e.Version && first.UserID == "" && e.UserID != "":
			*first, *this = *this, *first
			fallthrough
		default:
			notKept = append(notKept, this)
		}
	}
	return events, notKept
}

// giveUsers: usr.id; else the first usr.id in the session; else the anonymous id; else nobody. It returns what tells
// whose event each is, for nobody's too.
func giveUsers(w *World) map[*Event]string {
	owner := map[string]string{}
	for _, e := range w.Events {
		if e.UserID != "" && e.SessionID != "" && owner[e.SessionID] == "" {
			owner[e.SessionID] = e.UserID
		}
	}
	users := map[string]*User{}
	keys := map[*Event]string{}
	for _, e := range w.Events {
		switch {
		case e.UserID != "":
			keys[e] = "usr:" + e.UserID
		case owner[e.SessionID] != "":
			keys[e] = "usr:" + owner[e.SessionID]
		case e.AnonymousID != "":
			keys[e] = "anonymous:" + e.AnonymousID
		case e.SessionID != "":
			keys[e] = "none:" + e.SessionID
			continue
		default:
			continue
		}
		kind, id, _ := strings.Cut(keys[e], ":")
		if users[keys[e]] == nil {
			users[keys[e]] = &User{ID: id, Anonymous: kind == "anonymous"}
			w.Users = append(w.Users, users[keys[e]])
		}
		e.User = users[keys[e]]
	}
	return keys
}

const (
	sessionGap = 15 * 60 * 1000
	sessionMax = 4 * 60 * 60 * 1000
)

// makeSessions groups events, which are in event order.
func makeSessions(w *World, keys map[*Event]string) {
	open := map[[3]string]*Session{}
	for _, e := range w.Events {
		if keys[e] == "" {
			continue
		}
		group := [3]string{keys[e], "id:" + e.SessionID, ""}
		if e.SessionID == "" {
			group = [3]string{keys[e], "", e.Context.Application}
		}
		s := open[group]
		if s != nil && e.SessionID == "" && (e.TS-s.End() >= sessionGap || e.TS-s.Start() >= sessionMax) {
			s = nil
		}
		if s == nil {
			s = &Session{User: e.User, ID: e.SessionID}
			w.Sessions = append(w.Sessions, s)
			open[group] = s
		}
		s.Events = append(s.Events, e)
		e.Session = s
	}
	for _, s := range w.Sessions {
		if s.User != nil {
			s.User.Sessions = append(s.User.Sessions, s)
		}
	}
}

func markFrustrations(events []*Event) {
	for _, e := range events {
		if e.Reported != 0 {
			return // nothing is derived beside what the SDK reports
		}
	}
	var clicks []*Event
	for _, e := range events {
		if isClick(e) {
			clicks = append(clicks, e)
		}
	}
	markRage(clicks)
	for i, e := range events {
		if e.Type != event.Error {
			continue
		}
		for j := i - 1; j >= 0 && e.TS-events[j].TS <= 1000; j-- {
			if isClick(events[j]) && samePlace(events[j], e) {
				events[j].Frustration |= event.ErrorClick
				break
			}
		}
	}
}

func isClick(e *Event) bool { return e.Type == event.Action && e.ActionType == "click" }

func markRage(clicks []*Event) {
	for from := 0; from < len(clicks); {
		to := from + 1
		for to < len(clicks) && sameTarget(clicks[to], clicks[from]) && clicks[to].TS-clicks[to-1].TS <= 1000 {
			to++
		}
		for i := from; i+3 <= to; i++ {
			if clicks[i+2].TS-clicks[i].TS <= 1000 {
				clicks[from].Frustration |= event.RageClick
			}
		}
		from = to
	}
}

func samePlace(a, b *Event) bool {
	if a.ViewKey != 0 || b.ViewKey != 0 {
		return a.ViewKey == b.ViewKey
	}
	return a.Page == b.Page
}

func sameTarget(a, b *Event) bool {
	if a.ActionTarget != "" || b.ActionTarget != "" {
		return samePlace(a, b) && a.ActionTarget == b.ActionTarget
	}
	return samePlace(a, b) && a.ActionName == b.ActionName
}

// finish sorts a user's sessions and collects events and traits.
func (u *User) finish() {
	slices.SortFunc(u.Sessions, func(a, b *Session) int {
		return cmp.Or(cmp.Compare(a.Start(), b.Start()), cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.Events[0].Context.Application, b.Events[0].Context.Application))
	})
	for _, s := range u.Sessions {
		u.Events = append(u.Events, s.Events...)
	}
	slices.SortFunc(u.Events, func(a, b *Event) int { return a.Order().Compare(b.Order()) })
	u.Traits = map[string]any{}
	for _, e := range u.Events {
		for name, value := range object(e.Traits) {
			u.Traits[name] = value
		}
	}
}

// Start and End are milliseconds since 1970.
func (s *Session) Start() int64 { return s.Events[0].TS }

// End is the time of the last event.
func (s *Session) End() int64 { return s.Events[len(s.Events)-1].TS }

// Context has the first non-null of each attribute in event order.
func (s *Session) Context() event.Context {
	var c event.Context
	for _, e := range s.Events {
		for i, text := range contextTexts(&e.Context) {
			if own := contextTexts(&c)[i]; *own == "" {
				*own = *text
			}
		}
	}
	return c
}

func contextTexts(c *event.Context) []*string {
	return []*string{
		&c.Application, &c.Country, &c.Region, &c.City, &c.DeviceType, &c.OSName, &c.OSVersion, &c.BrowserName, &c.BrowserVersion,
	}
}

// Count counts the session's events of a kind: events, views, actions, errors or frustrations.
func (s *Session) Count(what string) int { return Count(s.Events, what) }

// Count counts events of a kind: events, views, actions, errors or frustrations.
func Count(events []*Event, what string) int {
	n := 0
	for _, e := range events {
		switch what {
		case "events":
			n++
		case "views", "actions", "errors":
			if string(e.Type)+"s" == what {
				n++
			}
		case "frustrations":
			if e.Frustration != 0 {
				n++
			}
		default:
			panic("no count of " + what)
		}
	}
	return n
}

func object(text string) map[string]any {
	values := map[string]any{}
	if text != "" {
		decoder := json.NewDecoder(strings.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&values); err != nil {
			panic(err)
		}
	}
	return values
}
