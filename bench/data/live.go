package data

import (
	"iter"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

const (
	liveLead  = 10 * 60 // seconds before To, in which visits begin that are under way then
	liveNames = 1 << 40 // from here on events and sessions are numbered: those of Rows have lesser numbers
	liveDraw  = 1 << 20 // which sequence of the seed they are drawn from
)

// Live yields what happens in each second from To on, without an end: at least rate events, of visits of the people whom Rows
// with the same options is about. They last as long as those there, so that many are under way at a time. Rows are good until
// the next second.
func Live(o Options, rate int) iter.Seq[[]event.Row] {
	return func(yield func([]event.Row) bool) {
		w, random, number := newWorld(o), draw(o.Seed, liveDraw), int64(liveNames)
		w.sessions = liveNames
		due := map[int64][]step{} // by second
		var rows []event.Row
		for now := To.Unix() - liveLead; ; now++ {
			for len(due[now]) < rate {
				visit := w.appendVisit(nil, random, days-1)
				later := now - visit[0].at
				for _, s := range visit {
					s.at += later
					due[s.at] = append(due[s.at], s)
				}
			}
			rows = rows[:0]
			for _, s := range due[now] {
				number++
				rows = append(rows, event.Row{})
				w.fill(&rows[len(rows)-1], s, number)
			}
			delete(due, now)
			if now >= To.Unix() && !yield(rows) {
				return
			}
		}
	}
}
