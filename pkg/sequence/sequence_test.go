package sequence_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/sequence"
)

// happening is an event, which fulfils some of the steps.
type happening struct {
	at    int64
	steps []bool
}

// wanted is a sequence, with all that New and Within take.
type wanted struct {
	isNot       []bool
	isTimed     bool
	within, now int64
	pending     bool
}

func (w wanted) plan() *sequence.Plan {
	p := sequence.New(w.isNot)
	if w.isTimed {
		p.Within(w.within, w.now, w.pending)
	}
	return p
}

// holds tries all choices of events: those of the steps from step on, after the event before, the first one at start.
func (w wanted) holds(events []happening, step, before int, start int64) bool {
	var nots []int
	for step < len(w.isNot) && w.isNot[step] {
		nots = append(nots, step)
		step++
	}
	isForbidden := func(e happening) bool {
		return slices.ContainsFunc(nots, func(not int) bool { return e.steps[not] })
	}
	inTime := func(e happening) bool { return before < 0 || !w.isTimed || e.at <= start+w.within }
	for i := before + 1; step < len(w.isNot) && i < len(events); i++ {
		if !events[i].steps[step] || !inTime(events[i]) || slices.ContainsFunc(events[before+1:i], isForbidden) {
			continue
		}
		begin := start
		if before < 0 {
			begin = events[i].at
		}
		if w.holds(events, step+1, i, begin) {
			return true
		}
	}
	if step < len(w.isNot) {
		return false
	}
	if len(nots) > 0 && w.isTimed && !w.pending && start+w.within > w.now {
		return false
	}
	return !slices.ContainsFunc(events[before+1:], func(e happening) bool { return isForbidden(e) && inTime(e) })
}

func drawWanted(t *rapid.T) wanted {
	w := wanted{
		isNot:   append([]bool{false}, rapid.SliceOfN(rapid.Bool(), 0, 4).Draw(t, "steps")...),
		isTimed: rapid.Bool().Draw(t, "timed"), within: rapid.Int64Range(0, 6).Draw(t, "within"),
		now: rapid.Int64Range(0, 20).Draw(t, "now"), pending: rapid.Bool().Draw(t, "pending"),
	}
	return w
}

// drawEvents draws some whose times repeat, and that often fulfil several steps.
func drawEvents(t *rapid.T, steps int) []happening {
	var events []happening
	at := int64(0)
	for range rapid.IntRange(0, 9).Draw(t, "events") {
		at += rapid.Int64Range(0, 3).Draw(t, "later")
		events = append(events, happening{at, rapid.SliceOfN(rapid.Bool(), steps, steps).Draw(t, "fulfils")})
	}
	return events
}

func holds(p *sequence.Plan, run *sequence.Run, events []happening) bool {
	for _, e := range events {
		if m := p.Mark(func(step int) bool { return e.steps[step] }); m.Matters() {
			run.Take(e.at, m)
		}
	}
	return run.Holds()
}

func TestSequencesHoldWhereSomeChoiceFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWanted(t)
		p := w.plan()
		run := p.Start()
		for range 3 { // a run begins anew for each session
			events := drawEvents(t, len(w.isNot))
			run.Reset()
			require.Equal(t, w.holds(events, 0, -1, 0), holds(p, run, events), "%+v of %+v", w, events)
		}
	})
}

// TestManySteps: no number of steps is silently too many.
func TestManySteps(t *testing.T) {
	for steps := 1; steps <= sequence.MaxSteps; steps++ {
		p := sequence.New(make([]bool, steps))
		var events []happening
		for i := range steps {
			e := happening{int64(i), make([]bool, steps)}
			e.steps[i] = true
			events = append(events, e)
		}
		require.True(t, holds(p, p.Start(), events), steps)
		require.False(t, holds(p, p.Start(), events[:steps-1]), steps)
		slices.Reverse(events)
		require.Equal(t, steps == 1, holds(p, p.Start(), events), steps)
	}
	require.Panics(t, func() { sequence.New(make([]bool, sequence.MaxSteps+1)) })
}

// TestManyBeginnings: of hundreds of ways to begin, one alone has its time over before what must not happen does.
func TestManyBeginnings(t *testing.T) {
	const beginnings = 300
	w := wanted{isNot: []bool{false, false, true}, isTimed: true, within: 1000, now: 1 << 40}
	var events []happening
	for i := range int64(beginnings) {
		events = append(events, happening{i, []bool{true, false, false}})
	}
	events = append(events, happening{beginnings, []bool{false, true, false}}, happening{1000, []bool{false, false, true}})
	p := w.plan()
	require.False(t, holds(p, p.Start(), events), "no time is over at 1000")
	events[len(events)-1].at++
	require.True(t, holds(p, p.Start(), events), "that of the first one is")
}
