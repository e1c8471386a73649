package segment

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Where a user did something in two sessions at one millisecond, events alone know in which order. Those of such moments are
// looked up: a program that has hundreds of sessions at a time has half a million events, and few such moments.
const momentsSQL = `select e.user_key, e.ts, e.session_key, e.token
  from unnest($1::integer[], $2::timestamptz[]) m (user_key, ts)
  join footfall.events e on e.user_key = m.user_key and e.ts = m.ts
 where e.session_key <> 0
 order by e.user_key, e.ts, e.seq nulls first, e.event_key`

// maxMoments are kept by a goroutine; of users with more, all events are read. Tests want fewer.
var maxMoments = 1 << 16

// momentsAtOnce are looked up by one statement.
const momentsAtOnce = 5000

// moment is when a user did something in more than one session.
type moment struct {
	user int32
	at   int64
}

// tied are hits of a user whose order is not known at some moments.
type tied struct {
	of       *finding
	hits     []hit // in order but for those
	moments  []moment
	sessions map[int64]tiedSession // by key: those with hits at the moments
}

// tiedSession is a session's number among those that were read, and which conditions on sessions hold for it.
type tiedSession struct {
	number int32
	places uint64
}

// orderedEvent is an event at a moment.
type orderedEvent struct {
	session int64
	token   int32
}

func (h hit) time() int64 { return h.at }

// areTied tells whether hits of a user at one time, in the order of sessions, are of more than one.
func areTied(at []hit) bool { return at[0].session != at[len(at)-1].session }

// untie keeps the hits of a user, whose order is not known at some moments, until that is looked up; false: it is known.
func (f *finder) untie(of *finding, own []hit) bool {
	t := tied{of: of, sessions: map[int64]tiedSession{}}
	for at := range alike(own, hit.time) {
		if !areTied(at) {
			continue
		}
		t.moments = append(t.moments, moment{at[0].user, at[0].at})
		for _, h := range at {
			s := f.sessions[h.session]
			t.sessions[s.key] = tiedSession{h.session, s.places}
		}
	}
	switch {
	case len(t.moments) == 0:
		return false
	case f.moments+len(t.moments) > maxMoments:
		f.unclear.Add(uint32(own[0].user)) //nolint:gosec // keys begin with 1
	default:
		t.hits = slices.Clone(own)
		f.tied = append(f.tied, t)
		f.moments, f.tiedHits = f.moments+len(t.moments), f.tiedHits+len(own)
	}
	return true
}

// decideTied looks up the order at all moments and decides about the users.
func (c *eventConditions) decideTied(finders []*finder) error {
	wanted := map[moment][]orderedEvent{}
	for _, f := range finders {
		for _, t := range f.tied {
			for _, m := range t.moments {
				wanted[m] = nil
			}
		}
	}
	if err := c.readMoments(wanted); err != nil {
		return err
	}
	for _, f := range finders {
		for _, t := range f.tied {
			user := uint32(t.hits[0].user) //nolint:gosec // keys begin with 1
			hits, known := t.ordered(c, wanted)
			switch {
			case !known:
				f.unclear.Add(user)
			case t.of.holds(hits):
				t.of.users.Add(user)
			}
		}
	}
	return nil
}

// readMoments finds the events of moments, in event order.
func (c *eventConditions) readMoments(of map[moment][]orderedEvent) error {
	all := slices.SortedFunc(maps.Keys(of), func(a, b moment) int { return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.at, b.at)) })
	for some := range slices.Chunk(all, momentsAtOnce) {
		users, times := make([]int32, len(some)), make([]time.Time, len(some))
		for i, m := range some {
			users[i], times[i] = m.user, time.UnixMilli(m.at)
		}
		var user int32
		var at time.Time
		var one orderedEvent
		err := c.each(momentsSQL, []any{users, times}, []any{&user, &at, &one.session, &one.token}, func() error {
			m := moment{user, at.UnixMilli()}
			of[m] = append(of[m], one)
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ordered are the hits in event order; false if the events are not those that the sessions have.
func (t *tied) ordered(c *eventConditions, events map[moment][]orderedEvent) (hits []hit, known bool) {
	for at := range alike(t.hits, hit.time) {
		if !areTied(at) {
			hits = append(hits, at...)
			continue
		}
		before := len(hits)
		for _, e := range events[moment{at[0].user, at[0].at}] {
			s, known := t.sessions[e.session]
			if !known {
				continue // of no hit, or removed because of its age
			}
			if mark := t.of.marksIn(c, s.places)[c.classes.class(e.token)]; mark >= 0 {
				hits = append(hits, hit{user: at[0].user, session: s.number, at: at[0].at, mark: mark})
			}
		}
		if len(hits)-before != len(at) {
			return nil, false
		}
	}
	return hits, true
}
