package segment

import (
	"errors"
	"iter"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/sequence"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// maxHits is how many hits a goroutine keeps for each condition, 40 bytes each, where there is room. Tests want fewer.
var maxHits = 1 << 19

// errTooManyHits is of a scan that has to be made once more, user by user.
var errTooManyHits = errors.New("more hits than are kept")

// scan finds for whom the conditions hold. Sessions are read as they lie, which takes a fraction of reading them user by user,
// as long as there is room for the hits whose order over a user's sessions matters.
func (c *eventConditions) scan() error {
	if len(c.list) == 0 {
		return nil
	}
	scan := columns.Scan{From: c.from, To: c.to, Reaching: true}
	if err := c.narrow(&scan); err != nil {
		return err
	}
	err := c.scanTail(scan)
	if errors.Is(err, errTooManyHits) {
		scan.ByUser = true
		err = c.scanTail(scan)
	}
	return err
}

func (c *eventConditions) scanTail(scan columns.Scan) error {
	room := columns.Default.Room()
	defer room.Clear()
	finders := make([]*finder, columns.Workers())
	for i := range finders {
		finders[i] = c.finder(scan.ByUser)
		finders[i].keeper = room.Keeper()
	}
	statement, err := scan.Read(c.ctx, c.db, func(worker int, s *columns.Session) error { return finders[worker].take(s) })
	c.executed = append(c.executed, statement)
	if err != nil {
		return err
	}
	unclear := roaring.New()
	for _, f := range finders {
		if err := f.settle(); err != nil {
			return err
		}
		unclear.Or(f.unclear)
	}
	for i, h := range c.list {
		h.users.Clear()
		for _, f := range finders {
			h.users.Or(f.of[i].users)
		}
		h.users.AndNot(unclear)
	}
	return c.readUnclear(unclear)
}

// finder is what one goroutine finds.
type finder struct {
	*eventConditions
	byUser  bool
	of      []finding // by condition
	unclear people    // those whose events packed sessions do not tell completely, or not in which order
	user    int32     // whose sessions come
	session int32     // counts up
	hits    []hit     // of the session at hand
	keeper  *columns.Keeper
}

// finding is what one goroutine finds of one condition.
type finding struct {
	*happening
	users people
	run   *sequence.Run
	hits  []hit                      // whose order over sessions matters
	marks map[uint64][]sequence.Mark // by places
}

func (c *eventConditions) finder(byUser bool) *finder {
	f := &finder{eventConditions: c, byUser: byUser, unclear: roaring.New()}
	for _, h := range c.list {
		f.of = append(f.of, finding{happening: h, users: roaring.New(), run: h.plan.Start(), marks: map[uint64][]sequence.Mark{}})
	}
	return f
}

// take looks at a session.
func (f *finder) take(s *columns.Session) error {
	if f.byUser && f.user != s.User {
		if err := f.settle(); err != nil {
			return err
		}
		f.user = s.User
	}
	switch {
	case s.Kind == packed.None || s.Kind == packed.Anonymous && !f.evaluation.of.IncludeAnonymous:
		return nil
	case s.Truncated:
		f.unclear.Add(uint32(s.User)) //nolint:gosec // keys begin with 1
		return nil
	}
	f.session++
	places := f.placesOf(s)
	kept := 0
	for i := range f.of {
		of := &f.of[i]
		if !of.inSession {
			of.hits = of.appendHits(of.hits, f, s, places)
			if !f.byUser && len(of.hits) > maxHits {
				return errTooManyHits
			}
			kept += cap(of.hits)
			continue
		}
		f.hits = of.appendHits(f.hits[:0], f, s, places)
		if len(f.hits) > 0 && of.holds(f.hits, of.run) {
			of.users.Add(uint32(s.User)) //nolint:gosec // keys begin with 1
		}
	}
	err := f.keeper.Keeps(int64(kept) * int64(unsafe.Sizeof(hit{})))
	if err != nil && !f.byUser {
		return errTooManyHits
	}
	return err
}

// placesOf tells which of the conditions on sessions hold for one.
func (c *eventConditions) placesOf(s *columns.Session) (places uint64) {
	for i, where := range c.places {
		if where(s) {
			places |= 1 << i
		}
	}
	return places
}

// marksIn are what events are for the condition in sessions of some places.
func (of *finding) marksIn(c *eventConditions, places uint64) []sequence.Mark {
	places &= of.places
	marks, known := of.marks[places]
	if !known {
		marks = c.marks(of.happening, places)
		of.marks[places] = marks
	}
	return marks
}

// appendHits appends the events of a session that matter.
func (of *finding) appendHits(hits []hit, f *finder, s *columns.Session, places uint64) []hit {
	marks := of.marksIn(f.eventConditions, places)
	for n, token := range s.Tokens {
		mark := marks[f.classes.class(token)]
		if !mark.Matters() {
			continue
		}
		if at := s.Start + s.Offsets[n]; at >= of.from && at < of.to {
			hits = append(hits, hit{user: s.User, session: f.session, at: at, n: n, mark: mark})
		}
	}
	return hits
}

// settle decides about the users whose hits were kept.
func (f *finder) settle() error {
	for i := range f.of {
		of := &f.of[i]
		if err := sortHits(f.ctx, of.hits); err != nil {
			return err
		}
		for own := range alike(of.hits, func(h hit) int32 { return h.user }) {
			user := uint32(own[0].user) //nolint:gosec // keys begin with 1
			switch {
			case of.kind == follow && isUnclear(own):
				f.unclear.Add(user)
			case of.holds(own, of.run):
				of.users.Add(user)
			}
		}
		of.hits = of.hits[:0]
	}
	return nil
}

// alike are the stretches of hits that have the same of something.
func alike(hits []hit, of func(hit) int32) iter.Seq[[]hit] {
	return func(yield func([]hit) bool) {
		from := 0
		for i := 1; i <= len(hits); i++ {
			if i < len(hits) && of(hits[i]) == of(hits[from]) {
				continue
			}
			if !yield(hits[from:i]) {
				return
			}
			from = i
		}
	}
}

// isUnclear tells whether a user did something in two sessions at the same millisecond: in which order, events alone know.
func isUnclear(hits []hit) bool {
	for i := 1; i < len(hits); i++ {
		if hits[i].at == hits[i-1].at && hits[i].session != hits[i-1].session {
			return true
		}
	}
	return false
}
