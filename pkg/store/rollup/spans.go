package rollup

import (
	"cmp"
	"slices"
	"time"
)

// extent is a session and a time in ms, both ends included.
type extent struct {
	sessionRef
	start, end int64
}

func (e extent) has(ts int64) bool { return e.start <= ts && ts <= e.end }

// spans are the times of sessions whose events are read, those of a user that overlap as one: of somebody with hundreds of visits
// under way at the same time, as a bot has, each event is read once and not once for each visit.
type spans struct {
	users        []int32
	starts, ends []time.Time
	first, last  []int32 // of sessions, from 1 on, which are those of the span

	sessions []extent // in the order of their users and starts
	order    []int    // which of the given ones each of them is
}

func spansOf(given []extent) *spans {
	s := &spans{order: make([]int, len(given)), sessions: make([]extent, len(given))}
	for i := range s.order {
		s.order[i] = i
	}
	slices.SortFunc(s.order, func(i, j int) int {
		a, b := given[i], given[j]
		return cmp.Or(cmp.Compare(a.UserKey, b.UserKey), cmp.Compare(a.start, b.start), cmp.Compare(a.Key, b.Key))
	})
	var end int64
	for n, i := range s.order {
		one := given[i]
		s.sessions[n] = one
		at := len(s.users) - 1
		if at < 0 || s.users[at] != one.UserKey || one.start > end {
			at, end = at+1, one.end
			s.users, s.starts, s.ends = append(s.users, one.UserKey), append(s.starts, fromMilli(one.start)), append(s.ends, time.Time{})
			s.first, s.last = append(s.first, int32(n+1)), append(s.last, 0)
		}
		end = max(end, one.end)
		s.ends[at], s.last[at] = fromMilli(end), int32(n+1)
	}
	return s
}

// spansSQL are the spans, and in held the keys of the sessions of each.
const spansSQL = `unnest($1::int[], $2::timestamptz[], $3::timestamptz[], $4::int[], $5::int[]) span (user_key, start_ts, end_ts, first, last)
 cross join lateral (select ($6::bigint[])[span.first : span.last] as keys offset 0) held`

// inSpanSQL tells whether an event e is one that a span's sessions may have.
const inSpanSQL = `e.user_key = span.user_key and e.ts between span.start_ts and span.end_ts and e.session_key = any (held.keys)`

// args are the parameters of spansSQL.
func (s *spans) args() []any {
	return []any{s.users, s.starts, s.ends, s.first, s.last, column(s.sessions, func(e extent) int64 { return e.Key })}
}
