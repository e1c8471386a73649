package segment

import (
	"cmp"
	"time"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/sequence"
)

// happening is a condition on events that packed sessions can tell of.
type happening struct {
	plan      *sequence.Plan // of a count: one step, which tells what is counted
	matches   []matcher      // by step
	places    uint64         // which conditions on sessions the steps depend on
	from, to  int64          // the times of the events there are, in milliseconds since 1970: [from, to)
	inSession bool           // it is enough that it holds in one session

	kind                kind
	least               int
	exactly             bool  // least and no more
	firstFrom, firstEnd int64 // where the earliest must lie: [firstFrom, firstEnd)

	users people // those for whom it holds
}

// kind is what is asked of the events.
type kind int

const (
	follow kind = iota // that they fit the steps
	count              // how many they are
	first              // when the earliest was
)

// hit is an event that matters for a condition.
type hit struct {
	user, session int32 // session: numbered for the occasion
	at            int64
	n             int32 // counts up within the session
	mark          int32 // its number among the finding's
}

// inEventOrder compares hits of known order: of one session, or at different times.
func inEventOrder(a, b hit) int {
	if a.user != b.user { // mostly so, and sorting takes a part of the time
		return cmp.Compare(a.user, b.user)
	}
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.session, b.session), cmp.Compare(a.n, b.n))
}

// eventConditions are those of an evaluation that packed sessions can tell of, and what their filters depend on.
type eventConditions struct {
	*evaluation
	list     []*happening
	places   []columns.Where // conditions on sessions: by user and place
	placeOf  map[string]int
	classes  tokenClasses
	setOf    map[string]int // sets of tokens
	from, to time.Time      // what reaches into this range has to be read
}

func newEventConditions(e *evaluation) *eventConditions {
	return &eventConditions{
		evaluation: e, placeOf: map[string]int{}, setOf: map[string]int{}, classes: tokenClasses{in: [][]int{nil}},
	}
}

// condition takes a condition on events; nil where packed sessions do not tell.
func (c *eventConditions) condition(of Condition) (found, error) {
	h := &happening{users: roaring.New()}
	var texts []string
	var window *Window
	negated := false
	if of.Did != nil {
		texts, window = []string{of.Did.Event}, of.Did.Window
		h.plan, negated = sequence.New([]bool{false}), h.counts(*of.Did)
	} else {
		texts, window = of.filters(), of.Sequence.Window
		h.follows(*of.Sequence, c.env.Now)
	}
	nodes, tell, err := c.parse(texts)
	if !tell || err != nil {
		return nil, err
	}
	for _, n := range nodes {
		matches, err := c.event(h, n)
		if err != nil {
			return nil, err
		}
		h.matches = append(h.matches, matches)
	}
	if err := c.inWindow(h, window); err != nil {
		return nil, err
	}
	c.list = append(c.list, h)
	held := func() (people, error) { return h.users, nil }
	if negated {
		return func() (people, error) { return c.except(held) }, nil
	}
	return held, nil
}

// counts is what a condition on how often something happened asks, or what its opposite does: nobody is looked for by what
// did not happen.
func (h *happening) counts(d Did) (negated bool) {
	h.kind, h.least = count, 1
	switch {
	case d.FirstTime:
		h.kind = first
	case d.AtMost != nil:
		h.least, negated = *d.AtMost+1, true
	case d.Exactly != nil && *d.Exactly == 0:
		negated = true
	case d.Exactly != nil:
		h.least, h.exactly = *d.Exactly, true
	case d.AtLeast != nil:
		h.least = *d.AtLeast
	}
	h.inSession = h.kind == count && h.least == 1 && !h.exactly
	return negated
}

func (h *happening) follows(s Sequence, now time.Time) {
	isNot := make([]bool, len(s.Steps))
	for i, step := range s.Steps {
		isNot[i] = step.Not != ""
	}
	h.plan, h.inSession = sequence.New(isNot), s.Scope != ScopeUser
	if s.Within != "" {
		within, _ := parseDuration(s.Within) // was checked
		h.plan.Within(within.Milliseconds(), now.UnixMilli(), s.Pending == PendingInclude)
	}
}

// inWindow says which events there are for a condition.
func (c *eventConditions) inWindow(h *happening, w *Window) error {
	zone, err := c.of.location()
	if err != nil {
		return err
	}
	from, to, err := w.bounds(c.env.Now, zone, "window")
	if h.kind == first {
		h.firstFrom, h.firstEnd = columns.Milliseconds(from), columns.Milliseconds(to)
		from, to = longAgo, farOff // the earliest ever
	}
	h.from, h.to = columns.Milliseconds(from), columns.Milliseconds(to)
	if len(c.list) == 0 || from.Before(c.from) {
		c.from = from
	}
	if len(c.list) == 0 || to.After(c.to) {
		c.to = to
	}
	return err
}
