// Package demo invents a web shop's events: people with homes and devices who look, search, buy, give up and come back.
//
// All is drawn from a seed, so the same options give the same events with the same ids.
package demo

import (
	"context"
	"iter"
	"time"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Options of a demo.
type Options struct {
	Users int       // with a usr.id; a third as many visitors stay anonymous
	Days  int       // the day of Until is the last one
	Seed  int64     // same seed, same events
	Until time.Time // later events are left out
}

// chunkRows is how many rows a COPY sends at least.
const chunkRows = 50_000

// Load sends the events to the inbox in committed chunks and returns how many. Progress is told after each visitor:
// how many of Options.Users are done, and the events so far.
func Load(ctx context.Context, db ingest.Copier, o Options, progress func(users int, events int64)) (int64, error) {
	var visitors int
	var rows int64
	next, stop := iter.Pull(func(yield func(*event.Row) bool) {
		for visitor := range Visitors(o) {
			for row := range visitor {
				rows++
				if !yield(row) {
					return
				}
			}
			visitors++
			progress(min(visitors, o.Users), rows)
		}
	})
	defer stop()
	var sent int64
	for more := true; more; {
		left := chunkRows
		n, err := ingest.CopyRows(ctx, db, func() (*event.Row, error) {
			if left == 0 {
				return nil, nil
			}
			left--
			row, ok := next()
			more = ok
			return row, nil
		})
		if err != nil {
			return sent, err
		}
		sent += n
	}
	return sent, nil
}

// Visitors yields each visitor's events, in the order of their sessions.
func Visitors(o Options) iter.Seq[iter.Seq[*event.Row]] {
	shop := newCalendar(o)
	return func(yield func(iter.Seq[*event.Row]) bool) {
		for i := range o.Users + o.Users/3 {
			v := newVisitor(o.Seed, i, i < o.Users, shop)
			if !yield(v.events) {
				return
			}
		}
	}
}

func newCalendar(o Options) calendar {
	lastDay := o.Until.UTC().Truncate(24 * time.Hour)
	return calendar{first: lastDay.AddDate(0, 0, 1-o.Days), days: o.Days, until: o.Until}
}

// calendar is the time the demo covers.
type calendar struct {
	first time.Time // midnight, UTC
	days  int
	until time.Time
}
