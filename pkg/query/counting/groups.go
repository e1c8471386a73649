// Package counting counts what happened in sessions by any groups and time, for all questions that are answered so.
package counting

import (
	"context"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Unit is what is counted.
type Unit int

// What can be counted.
const (
	Events   Unit = iota // whose time is in the range
	Sessions             // that start in it
	Users                // the sessions that start in it, and whose they are
)

// Value is a number of what is counted.
type Value int

// The numbers that are known.
const (
	NoValue         Value = iota
	TimeOnPage            // milliseconds, of views that have a next one in their session
	SinceStart            // milliseconds from the session's start to the event
	EventDuration         // milliseconds; rows of sessions that are not packed yet lack it
	SessionDuration       // milliseconds
	SessionEvents
	valuesKnown // how many these are
)

// Number is what the i-th of Groups.Attributes is, where that is a number.
func Number(i int) Value { return valuesKnown + Value(i) }

// Facet is an attribute by whose values is grouped: by the first ones within each group of the facets before.
type Facet struct {
	filter.Attribute
	Limit int
	Other bool // the remaining values are a group too
}

// Track is one way in which all that is counted is counted.
type Track struct {
	Condition int   // index of the condition that must hold beside the selection
	Value     Value // what Count.Times takes
	Users     bool  // Count.Users is asked for
	Latest    bool  // Count.Latest is, of Events
	Sessions  bool  // sessions are, by CountByUser
}

// Groups asks for counts of groups and times.
type Groups struct {
	query.Person     // nobody else's sessions count; of Events and Sessions
	Over             Unit
	Selected         filter.Node
	Conditions       []filter.Node      // of tracks; the first one is nil and always holds
	Facets           []Facet            // up to three
	Attributes       []filter.Attribute // of events, which tracks take numbers of; those of facets need not be among them
	Buckets          []time.Time        // starts of buckets of time; nil: the range is one
	Tracks           []Track
	RankedBy         []int // the tracks that Rank looks at, each once
	Rank             func(byTrack []Count) *float64
	IncludeAnonymous bool // among users
}

// MaxFacets is how many facets there may be.
const MaxFacets = 3

// source is what knows a facet's values.
type source int

const (
	ofToken source = iota
	ofPlace        // the session
	ofView         // the session's first or last view with a page
	ofUser
	ofSaid // what the event says
)

// Grouping is a prepared question of Groups.
type Grouping struct {
	Groups
	context   query.Context
	sources   []source         // of facets
	places    []int            // of facets: the index among a session's attributes, or among said; of views 1 for the last, else 0
	said      []string         // attributes that events say; tracks' come first, then facets'
	ofSession []filter.Node    // conditions on sessions: the selection's, then those of tracks
	ofToken   []filter.Node    // the same, on tokens
	ofSaid    []saidCondition  // the same, on what events say: several of one of them, or none
	users     *store.Statement // nil where they do not matter
	outside   *store.Statement // events in no session, counted by what tells them apart
}

// Prepare makes the statements. It returns nil where more has to be known than packed sessions, tokens and users tell.
func (q Groups) Prepare(c query.Context) (*Grouping, error) {
	g := &Grouping{Groups: q, context: c, sources: make([]source, len(q.Facets)), places: make([]int, len(q.Facets))}
	for _, a := range q.Attributes {
		g.said = append(g.said, a.Said())
	}
	for i, f := range q.Facets {
		var known bool
		if g.sources[i], g.places[i], known = sourceOf(f.Attribute); known {
			continue
		}
		if f.Said() == "" {
			return nil, nil
		}
		g.sources[i], g.places[i] = ofSaid, g.placeOfSaid(f.Attribute)
	}
	if !g.splitConditions() {
		return nil, nil
	}
	var err error
	if g.users, err = g.usersStatement(); err != nil {
		return nil, err
	}
	if q.Over == Events && q.User == "" {
		g.outside, err = g.outsideStatement()
	}
	return g, err
}

func sourceOf(a filter.Attribute) (of source, place int, known bool) {
	isViewed, last := a.IsViewed()
	switch {
	case isViewed && last:
		return ofView, 1, true
	case isViewed:
		return ofView, 0, true
	case a.IsToken():
		return ofToken, 0, true
	case a.Level == filter.Session && a.Dictionary != "":
		place = slices.IndexFunc(event.SessionTexts, func(t event.SessionText) bool { return t.ID == a.Dictionary })
		return ofPlace, place, place >= 0
	}
	// Each user has an id, a name and times of their own: PostgreSQL sorts so many better.
	return ofUser, 0, a.Level == filter.Profile && (a.Dictionary != "" || a.IsCustom())
}

// allConditions are the selection's and those of tracks, which it goes before.
func (g *Grouping) allConditions() []filter.Node {
	return append([]filter.Node{g.Selected}, g.Conditions[1:]...)
}

// splitConditions makes ofSession and ofToken; false where more than these decide.
func (g *Grouping) splitConditions() bool {
	compiler := g.context.Compiler()
	for _, n := range g.allConditions() {
		var session, token, rest filter.Node
		switch g.Over {
		case Events:
			session, token, rest = compiler.Parts(n)
		case Sessions:
			session = n
		}
		for _, one := range filter.Conjuncts(rest) {
			attribute, is := compiler.SaidOf(one)
			if !is || g.User != "" {
				return false
			}
			g.ofSaid = append(g.ofSaid, saidCondition{len(g.ofSession), g.placeOfSaid(attribute), attribute, one})
		}
		g.ofSession, g.ofToken = append(g.ofSession, session), append(g.ofToken, token)
	}
	return true
}

// placeOfSaid is the index of an attribute among those that events are asked for.
func (g *Grouping) placeOfSaid(a filter.Attribute) int {
	if at := slices.Index(g.said, a.Said()); at >= 0 {
		return at
	}
	g.said = append(g.said, a.Said())
	return len(g.said) - 1
}

// starts are the buckets' in milliseconds since 1970; nil where there are none.
func (g *Grouping) starts() []int64 {
	if g.Buckets == nil {
		return nil
	}
	list := make([]int64, len(g.Buckets))
	for i, at := range g.Buckets {
		list[i] = at.UnixMilli()
	}
	return list
}

// takes tells whether some track takes a value.
func (q Groups) takes(v Value) bool {
	return slices.ContainsFunc(q.Tracks, func(t Track) bool { return t.Value == v })
}

// CanAnswer tells whether what is asked is known in the transaction db. Errors are of type *store.StatementError.
func (g *Grouping) CanAnswer(ctx context.Context, db store.Querier, isTruncated bool) (bool, error) {
	if isTruncated && g.isOfAllEvents() {
		return false, nil
	}
	switch {
	case len(g.said) > 0:
		return g.scan().HasSaid(ctx, db, g.said)
	case g.takes(EventDuration):
		return g.scan().IsBuilt(ctx, db)
	}
	return true, nil
}

// scan reads all sessions that something of may count.
func (g *Grouping) scan() columns.Scan {
	return columns.Scan{
		From: g.context.From, To: g.context.To, Reaching: g.Over == Events, Durations: g.takes(EventDuration), NoEvents: !g.isOfAllEvents(),
		NoPlaces: !slices.Contains(g.sources, ofPlace),
	}
}

// isOfAllEvents tells whether an answer needs all events of sessions, which truncated ones do not hold.
func (g *Grouping) isOfAllEvents() bool {
	return g.Over == Events || g.takes(SessionDuration) || g.takes(SessionEvents) || slices.Contains(g.sources, ofView)
}
