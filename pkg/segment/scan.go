package segment

import (
	"errors"
	"iter"
	"slices"
	"unsafe"

	"github.com/RoaringBitmap/roaring/v2"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/sequence"
)

// maxHits is how many hits a goroutine keeps for each condition, 24 bytes each, where there is room. Tests want fewer.
var maxHits = 1 << 20

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
	statements, err := scan.Read(c.ctx, c.db, func(worker int, s *columns.Session) error { return finders[worker].take(s) })
	c.executed = append(c.executed, statements...)
	if err != nil {
		return err
	}
	var settling errgroup.Group
	for _, f := range finders {
		settling.Go(f.settle)
	}
	if err := settling.Wait(); err != nil {
		return err
	}
	if err := c.decideTied(finders); err != nil {
		return err
	}
	unclear := roaring.New()
	for _, f := range finders {
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
	unclear people    // those whose events packed sessions do not tell completely
	user    int32     // whose sessions come
	session int32     // the number of the one at hand
	hits    []hit     // of the session at hand
	keeper  *columns.Keeper

	sessions          []hitSession // those with hits that are kept, by number
	tied              []tied
	moments, tiedHits int // of tied
}

// hitSession is the key of a session, and which conditions on sessions hold for it.
type hitSession struct {
	key    int64
	places uint64
}

// finding is what one goroutine finds of one condition.
type finding struct {
	*happening
	users   people
	run     *sequence.Run
	hits    []hit              // whose order over sessions matters
	tallies map[int32]tally    // by user: where their order does not matter
	marks   []sequence.Mark    // by their number
	numbers map[uint64][]int32 // by places, then class of token: the number of the mark; negative: such an event does not matter
}

// tally is what is kept of a user's hits for a condition that asks for no more.
type tally struct {
	number   int
	earliest int64
}

// tallyBytes is what one takes, with its place in a map.
const tallyBytes = 48

func (c *eventConditions) finder(byUser bool) *finder {
	f := &finder{eventConditions: c, byUser: byUser, unclear: roaring.New()}
	for _, h := range c.list {
		f.of = append(f.of, finding{
			happening: h, users: roaring.New(), run: h.plan.Start(), numbers: map[uint64][]int32{}, tallies: map[int32]tally{},
		})
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
	case !s.Kind.IsUser(f.evaluation.of.IncludeAnonymous):
		return nil
	case s.Truncated:
		f.unclear.Add(uint32(s.User)) //nolint:gosec // keys begin with 1
		return nil
	}
	f.session = int32(len(f.sessions)) //nolint:gosec // no more than hits that are kept
	places := f.placesOf(s)
	hasOrdered, hasTally := false, false
	for i := range f.of {
		of := &f.of[i]
		if of.isOrdered() {
			before := len(of.hits)
			of.hits = of.appendHits(of.hits, f, s, places)
			if !f.byUser && len(of.hits) > maxHits {
				return errTooManyHits
			}
			hasOrdered = hasOrdered || len(of.hits) > before
			continue
		}
		f.hits = of.appendHits(f.hits[:0], f, s, places)
		switch {
		case len(f.hits) == 0:
		case !of.inSession:
			of.tallies[s.User] = of.tallies[s.User].with(f.hits)
			hasTally = true
		case of.holds(f.hits):
			of.users.Add(uint32(s.User)) //nolint:gosec // keys begin with 1
		}
	}
	if hasOrdered {
		f.sessions = append(f.sessions, hitSession{s.Ref.Session, places})
	}
	if !hasOrdered && !hasTally {
		return nil
	}
	return f.keeps()
}

// isOrdered tells whether the order of a user's hits over sessions matters.
func (h *happening) isOrdered() bool { return h.kind == follow && !h.inSession }

// with adds hits of a session, in event order.
func (t tally) with(hits []hit) tally {
	if t.number == 0 || hits[0].at < t.earliest {
		t.earliest = hits[0].at
	}
	t.number += len(hits)
	return t
}

// keeps tells the room what is kept.
func (f *finder) keeps() error {
	hits, tallies := f.tiedHits, 0
	for i := range f.of {
		hits, tallies = hits+cap(f.of[i].hits), tallies+len(f.of[i].tallies)
	}
	err := f.keeper.Keeps(int64(hits)*int64(unsafe.Sizeof(hit{})) + int64(cap(f.sessions))*int64(unsafe.Sizeof(hitSession{})) +
		int64(tallies)*tallyBytes)
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

// marksIn tells the numbers of what events are for the condition in sessions of some places.
func (of *finding) marksIn(c *eventConditions, places uint64) []int32 {
	places &= of.places
	numbers, known := of.numbers[places]
	if !known {
		for _, mark := range c.marks(of.happening, places) {
			numbers = append(numbers, of.numbered(mark))
		}
		of.numbers[places] = numbers
	}
	return numbers
}

func (of *finding) numbered(mark sequence.Mark) int32 {
	if !mark.Matters() {
		return -1
	}
	number := slices.Index(of.marks, mark)
	if number < 0 {
		number = len(of.marks)
		of.marks = append(of.marks, mark)
	}
	return int32(number) //nolint:gosec // fewer than classes of tokens, for some places
}

// appendHits appends the events of a session that matter.
func (of *finding) appendHits(hits []hit, f *finder, s *columns.Session, places uint64) []hit {
	numbers := of.marksIn(f.eventConditions, places)
	for n, token := range s.Tokens {
		mark := numbers[f.classes.class(token)]
		if mark < 0 {
			continue
		}
		if at := s.Start + s.Offsets[n]; at >= of.from && at < of.to {
			hits = append(hits, hit{user: s.User, session: f.session, at: at, n: int32(n), mark: mark})
		}
	}
	return hits
}

// holds tells whether the condition does of all hits that matter, in event order: those of one session, where that is enough,
// or else of one user.
func (of *finding) holds(hits []hit) bool {
	if of.kind != follow {
		return len(hits) > 0 && of.holdsOf(tally{}.with(hits))
	}
	of.run.Reset()
	for _, hit := range hits {
		of.run.Take(hit.at, of.marks[hit.mark])
	}
	return of.run.Holds()
}

// holdsOf is holds, where the order of hits does not matter.
func (h *happening) holdsOf(t tally) bool {
	if h.kind == first {
		return t.earliest >= h.firstFrom && t.earliest < h.firstEnd
	}
	return t.number == h.least || !h.exactly && t.number > h.least
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
			case of.kind == follow && f.untie(of, own):
			case of.holds(own):
				of.users.Add(user)
			}
		}
		of.hits = of.hits[:0]
		for user, t := range of.tallies {
			if of.holdsOf(t) {
				of.users.Add(uint32(user)) //nolint:gosec // keys begin with 1
			}
		}
		clear(of.tallies)
	}
	f.sessions = f.sessions[:0]
	return f.keeps()
}

// alike are the stretches of hits that have the same of something.
func alike[T comparable](hits []hit, of func(hit) T) iter.Seq[[]hit] {
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
