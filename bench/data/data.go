// Package data invents the events that the benchmark is about: a long tail of pages and users, sessions of 1 to 500
// events, a few users and bots who do more than thousands of others, whole seconds as times, so that events tie.
//
// All is drawn from a seed: the same options give the same events, in the order in which they arrive.
package data

import (
	"cmp"
	"iter"
	"slices"
	"strconv"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Options of the events.
type Options struct {
	Events int    // how many, but for some of sessions that last until after the last day
	Seed   uint64 // same seed, same events
}

// The events' days, UTC. They do not depend on today, so that every run is about the same ones.
var (
	From = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	To   = time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC)
)

var days = int(To.Sub(From).Hours() / 24)

// eventsPerUser is how many events there are for each user who may come.
const eventsPerUser = 50

// Rows yields the events in the order of time. A row is used again for the one after it.
func Rows(o Options) iter.Seq[*event.Row] {
	return func(yield func(*event.Row) bool) {
		w := newWorld(o)
		var waiting []step
		var row event.Row
		var seq int64
		drawn := 0
		for day := range days {
			random := draw(o.Seed, day+1)
			for drawn < o.Events*(day+1)/days {
				before := len(waiting)
				waiting = w.appendVisit(waiting, random, day)
				drawn += len(waiting) - before
			}
			// The sort is stable: what ties stays in the order in which it was drawn.
			slices.SortStableFunc(waiting, func(a, b step) int { return cmp.Compare(a.at, b.at) })
			end := From.AddDate(0, 0, day+1).Unix()
			sent := 0
			for _, s := range waiting {
				if s.at >= end {
					break
				}
				sent++
				seq++
				w.fill(&row, s, seq)
				if !yield(&row) {
					return
				}
			}
			waiting = append(waiting[:0], waiting[sent:]...) // sessions may go on after midnight, not after the last one
		}
	}
}

// step is an event of a visit; at is in seconds since 1970.
type step struct {
	visit *visit
	at    int64
	kind  kind
	page  int
	name  int
	price int // in cents; 0: none
	flaw  string
	took  int // ms; 0: none
}

type kind uint8

const (
	view kind = iota
	action
	failure
	custom
)

var kinds = [...]string{"view", "action", "error", "custom"}

// fill writes an event as the inbox takes it.
func (w *world) fill(row *event.Row, s step, seq int64) {
	*row = event.Row{
		TS: strconv.FormatInt(s.at, 10), Seq: strconv.FormatInt(seq, 10), ID: "e" + strconv.FormatInt(seq, 36),
		Type: kinds[s.kind], SessionID: s.visit.id, ApplicationID: s.visit.application, ViewPath: w.pages[s.page],
		Country: s.visit.home.country, City: s.visit.home.city, DeviceType: s.visit.device.kind, OSName: s.visit.device.os,
		BrowserName: s.visit.device.browser, Frustration: s.flaw,
	}
	if s.took > 0 {
		row.Duration = strconv.Itoa(s.took)
	}
	switch s.kind {
	case action:
		row.ActionType, row.ActionName = "tap", w.actions[s.name] // nothing is derived from taps
	case failure:
		row.ErrorType, row.ErrorMessage = w.errors[s.name], w.errors[s.name]+" on "+w.pages[s.page]
	}
	row.Attributes = s.attributes()
	s.visit.user.fill(row)
}

// attributes are those of the event and what it says of its user.
func (s step) attributes() string {
	text := []byte(`{"release":"`)
	text = append(append(text, s.visit.release...), '"')
	if s.price > 0 {
		text = append(text, `,"price":`...)
		text = strconv.AppendFloat(text, float64(s.price)/100, 'f', -1, 64)
	}
	if s.visit.user.plan != "" {
		text = append(append(append(text, `,"usr.plan":"`...), s.visit.user.plan...), '"')
	}
	return string(append(text, '}'))
}
