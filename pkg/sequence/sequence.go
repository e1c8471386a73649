// Package sequence tells whether events fit steps: this, then that, then not a third, perhaps all within a time. It knows no
// store: it is told of one event after another, in event order, and keeps no more than it needs of those before.
// docs/segment-definitions.md has the meaning.
package sequence

import (
	"fmt"
	"slices"
)

// MaxSteps is how many steps there may be.
const MaxSteps = 64

// Plan is a sequence to look for. It is not changed once made, so that many goroutines may use it.
type Plan struct {
	steps   []bool // in their order: whether it is a step that must not happen
	events  int    // how many must happen
	isTimed bool
	within  int64 // milliseconds from the first event to the last that counts
	until   int64 // no sequence begins later than this, in milliseconds since 1970
	isOpen  bool  // it ends with what must not happen
}

// New makes a plan of steps, of which those must not happen for which isNot is true; the first one must happen. It panics
// where there are more than MaxSteps or none.
func New(isNot []bool) *Plan {
	if len(isNot) == 0 || len(isNot) > MaxSteps || isNot[0] {
		panic(fmt.Sprintf("a sequence of %d steps", len(isNot)))
	}
	p := &Plan{steps: isNot, isOpen: isNot[len(isNot)-1]}
	for _, not := range isNot {
		if !not {
			p.events++
		}
	}
	return p
}

// Within wants all within so many milliseconds after the first event, inclusive. Whether something does not happen is known
// once that time has passed: sequences that end with it count where it has at now, in milliseconds since 1970, and with
// pending all of them do.
func (p *Plan) Within(within, now int64, pending bool) *Plan {
	p.isTimed, p.within, p.until = true, within, 1<<62
	if p.isOpen && !pending {
		p.until = now - within
	}
	return p
}

// Mark is what an event is for a plan; the zero value is an event that does not matter.
type Mark struct {
	is    uint64 // bit i: it can be the event i of those that must happen
	parts uint64 // bit i: it must not come between the event i and the next
}

// Matters is false for events that need not be told of.
func (m Mark) Matters() bool { return m.is|m.parts != 0 }

// Mark tells what an event is for which a step, by its place in the steps, is fulfilled or not.
func (p *Plan) Mark(fulfils func(step int) bool) Mark {
	var m Mark
	event := -1
	for i, isNot := range p.steps {
		if !isNot {
			event++
		}
		switch {
		case !fulfils(i):
		case isNot:
			m.parts |= 1 << event
		default:
			m.is |= 1 << event
		}
	}
	return m
}

// Run follows the events of one session, or of one user.
type Run struct {
	plan *Plan
	// Bit i: some choice of events so far fits up to the event i, with nothing between that must not be. Without a time
	// nothing else matters of what came before.
	alive uint64
	found bool

	// With a time it matters when a choice began. An earlier beginning has less time left for what is to come, but has sooner
	// passed the time in which something must not happen: none is better than the others.
	starts  []int64  // the beginnings, ascending
	current int      // starts before this one have no time left
	begun   []bitSet // by event: the starts of the choices that fit up to it
}

// Start makes a run of the plan.
func (p *Plan) Start() *Run {
	r := &Run{plan: p}
	if p.isTimed {
		r.begun = make([]bitSet, p.events)
	}
	return r
}

// Reset begins anew, as for the next session.
func (r *Run) Reset() {
	r.alive, r.found = 0, false
	r.starts, r.current = r.starts[:0], 0
	for i := range r.begun {
		r.begun[i] = r.begun[i][:0]
	}
}

// Take is told of the next event, in event order; at is its time in milliseconds since 1970.
func (r *Run) Take(at int64, m Mark) {
	switch {
	case r.found:
	case r.plan.isTimed:
		r.takeTimed(at, m)
	default:
		next := (r.alive<<1 | 1) & m.is
		r.alive = r.alive&^m.parts | next
		r.found = !r.plan.isOpen && r.has(next)
	}
}

// has tells whether the last event is among some.
func (r *Run) has(events uint64) bool { return events>>(r.plan.events-1)&1 == 1 }

// Holds tells whether the events fit, of which all were taken.
func (r *Run) Holds() bool {
	if r.found || !r.plan.isTimed {
		return r.found || r.plan.isOpen && r.has(r.alive)
	}
	return r.plan.isOpen && !r.begun[r.plan.events-1].isEmpty()
}

// takeTimed goes from the last event to the first, since an event cannot be two of them.
func (r *Run) takeTimed(at int64, m Mark) {
	last := r.plan.events - 1
	if r.expire(at); r.found {
		return
	}
	for i := last; i > 0; i-- {
		// What parts the choices up to i from what follows them comes after they were looked at, and before those that end here.
		if m.parts>>i&1 == 1 {
			r.begun[i] = r.begun[i][:0]
		}
		if m.is>>i&1 == 1 {
			r.begun[i].addAll(r.begun[i-1], r.current)
		}
	}
	if m.parts&1 == 1 {
		r.begun[0] = r.begun[0][:0]
	}
	if m.is&1 == 1 && at <= r.plan.until {
		r.begun[0].add(len(r.starts))
		r.starts = append(r.starts, at)
	}
	r.found = !r.plan.isOpen && !r.begun[last].isEmpty()
}

// expire passes starts whose time is over before an event. Those that had come to the last event, with nothing after it that
// must not be, are found.
func (r *Run) expire(at int64) {
	for r.current < len(r.starts) && r.starts[r.current]+r.plan.within < at {
		r.found = r.found || r.plan.isOpen && r.begun[r.plan.events-1].has(r.current)
		r.current++
	}
}

// bitSet is a set of places in a list.
type bitSet []uint64

func (s *bitSet) grow(words int) {
	for len(*s) < words {
		*s = append(*s, 0)
	}
}

func (s *bitSet) add(i int) {
	s.grow(i/64 + 1)
	(*s)[i/64] |= 1 << (i % 64)
}

func (s bitSet) has(i int) bool { return i/64 < len(s) && s[i/64]>>(i%64)&1 == 1 }

// addAll adds those of another set from a place on.
func (s *bitSet) addAll(o bitSet, from int) {
	s.grow(len(o))
	for w := from / 64; w < len(o); w++ {
		word := o[w]
		if w == from/64 {
			word &= ^uint64(0) << (from % 64)
		}
		(*s)[w] |= word
	}
}

func (s bitSet) isEmpty() bool {
	return !slices.ContainsFunc(s, func(word uint64) bool { return word != 0 })
}
