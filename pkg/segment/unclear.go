package segment

import (
	"cmp"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// Sessions and events of users are read apart: joined, events are looked up session by session, and those of a program
// that has hundreds of sessions at a time are read hundreds of times. Of its events, half a million perhaps, those of the
// tokens that matter are enough ($4; null: all).
var (
	unclearSessionsSQL = `select s.user_key, s.session_key, s.start_ts, s.end_ts, u.kind::text, array[` + columns.SessionTexts() + `]
  from footfall.sessions s
  join footfall.users u on u.key = s.user_key
 where s.user_key = any ($1) and s.start_ts < $3 and s.end_ts >= $2`
	unclearEventsSQL = `select e.user_key, e.session_key, e.ts, e.token
  from footfall.events e
 where e.user_key = any ($1) and e.ts >= $2 and e.ts < $3 and e.session_key <> 0
   and ($4::integer[] is null or e.token = any ($4))
 order by e.user_key, e.ts, e.seq nulls first, e.event_key`
)

// unclearAtOnce is of how many users the events are read by one statement.
const unclearAtOnce = 1000

// readUnclear decides about users of whose events packed sessions do not tell enough, or of whose order too little.
func (c *eventConditions) readUnclear(users people) error {
	reader := &unclearReader{finder: c.finder(true)}
	if !c.needAnyToken() {
		reader.tokens = c.classes.tokens()
	}
	for keys := range slices.Chunk(keysOf(users), unclearAtOnce) {
		if err := reader.read(keys); err != nil {
			return err
		}
	}
	for i, h := range c.list {
		h.users.Or(reader.of[i].users)
	}
	return nil
}

// unclearReader takes one user's events after another's.
type unclearReader struct {
	*finder
	tokens   []int32                         // that matter; nil: all
	sessions map[columns.Ref]*unclearSession // of the users at hand
	numbers  map[int64]int32                 // of the user's sessions
}

// unclearSession is a session that holds one event after another.
type unclearSession struct {
	columns.Session
	start, end time.Time
}

func (r *unclearReader) read(users []int32) error {
	if err := r.readSessions(users); err != nil {
		return err
	}
	var ref columns.Ref
	var at time.Time
	var token int32
	err := r.each(unclearEventsSQL, []any{users, r.from, r.to, r.tokens}, []any{&ref.User, &ref.Session, &at, &token}, func() error {
		if r.user != ref.User {
			r.decide()
			r.user, r.numbers = ref.User, map[int64]int32{}
		}
		s := r.sessions[ref]
		if s == nil || at.Before(s.start) || at.After(s.end) {
			return nil // removed because of its age
		}
		s.Start, s.Tokens[0] = at.UnixMilli(), token
		r.take(&s.Session)
		return nil
	})
	r.decide()
	return err
}

func (r *unclearReader) readSessions(users []int32) error {
	r.sessions = map[columns.Ref]*unclearSession{}
	var ref columns.Ref
	var start, end time.Time
	var kind string
	var texts []*int32
	return r.each(unclearSessionsSQL, []any{users, r.from, r.to}, []any{&ref.User, &ref.Session, &start, &end, &kind, &texts}, func() error {
		s := &unclearSession{start: start, end: end}
		s.Ref, s.Kind, s.Tokens, s.Offsets = ref, packed.Kinds[kind], make([]int32, 1), make([]int64, 1)
		for i, id := range texts {
			if id != nil {
				s.Attributes[i] = *id
			}
		}
		r.sessions[ref] = s
		return nil
	})
}

// take keeps what one event, as a session of its own, is for the conditions.
func (r *unclearReader) take(event *columns.Session) {
	if _, known := r.numbers[event.Ref.Session]; !known {
		r.numbers[event.Ref.Session] = int32(len(r.numbers)) //nolint:gosec // of one user
	}
	r.session = r.numbers[event.Ref.Session]
	places := r.placesOf(event)
	for i := range r.of {
		of := &r.of[i]
		of.hits = of.appendHits(of.hits, r.finder, event, places)
	}
}

// decide decides about the user whose events were taken.
func (r *unclearReader) decide() {
	for i := range r.of {
		of := &r.of[i]
		if r.holds(of) {
			of.users.Add(uint32(r.user)) //nolint:gosec // keys begin with 1
		}
		of.hits = of.hits[:0]
	}
}

func (r *unclearReader) holds(of *finding) bool {
	if !of.inSession {
		return len(of.hits) > 0 && of.holds(of.hits)
	}
	slices.SortStableFunc(of.hits, func(a, b hit) int { return cmp.Compare(a.session, b.session) })
	for own := range alike(of.hits, func(h hit) int32 { return h.session }) {
		if of.holds(own) {
			return true
		}
	}
	return false
}
