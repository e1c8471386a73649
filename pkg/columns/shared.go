package columns

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// state is what makes scans of one range read the same: a server, its database, and the number of the last change of packed sessions
// that a snapshot sees.
type state struct {
	server   int64 // when it started, in microseconds since 1970
	database string
	version  int64
}

// shares are the scans of a process that others may go with, or wait for: of those that read much the same one is read at a time, and
// those that come meanwhile go with the next one.
type shares struct {
	mutex   sync.Mutex
	open    []*sharedScan // nobody reads yet
	running []*sharedScan
}

var sharing shares

// sharedScan is one that some wait for. Whoever has its turn reads for all, in a snapshot that sees what theirs see.
type sharedScan struct {
	state
	Scan                   // what all want
	way      way           // likewise
	shortest time.Duration // of what one of them wants
	turn     chan struct{} // holds one until somebody takes it
	riders   []*rider
	ended    chan struct{} // closed at the end
	gone     atomic.Int64  // how many riders want no more, after it has begun
	empty    chan struct{} // closed when these are all
	active   []sync.Mutex  // by goroutine: held while it may hand something over
}

// rider is somebody who goes with a shared scan.
type rider struct {
	Scan
	from, to int64 // milliseconds since 1970
	take     func(worker int, session *Session) error
	executed []store.Statement // when the scan has ended
	err      error             // likewise: of the scan
	once     sync.Once
	isOff    atomic.Bool   // wants no more
	off      chan struct{} // closed then: why is there
	why      error
}

// canShare tells whether a scan reads all of a range.
func (s Scan) canShare(w way) bool {
	return (w == fromTail || w == fromBlocks) && s.Users == nil && s.Sessions == nil && s.Said == nil && !s.ByUser
}

// readShared reads together with others who want much the same; alone where that fails for another's reason.
func (s Scan) readShared(ctx context.Context, db store.Querier, kept layout, way way, take func(int, *Session) error) ([]store.Statement, error) {
	r := &rider{Scan: s, from: Milliseconds(s.From), to: Milliseconds(s.To), take: take, off: make(chan struct{})}
	shared := sharing.join(kept.state, way, r)
	select {
	case <-shared.turn:
		return shared.lead(ctx, db, kept, r)
	case <-shared.ended:
		switch {
		case r.isOff.Load(): // both at once
			return r.executed, r.why
		case r.err == nil:
			return r.executed, nil
		}
	case <-r.off:
		shared.wait()
		return nil, r.why
	case <-ctx.Done():
		if sharing.leave(shared, r) {
			return nil, busy(context.Cause(ctx))
		}
		shared.leave(r, context.Cause(ctx))
		shared.wait()
		return nil, r.why
	}
	return s.readAlone(ctx, db, kept, way, take)
}

// join makes one more go with the next scan that reads much the same.
func (all *shares) join(of state, way way, r *rider) *sharedScan {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	for _, shared := range all.open {
		if shared.state == of && shared.isLike(r.Scan, r.length()) {
			shared.Scan, shared.way, shared.shortest = shared.with(r.Scan), max(shared.way, way), min(shared.shortest, r.length())
			shared.riders = append(shared.riders, r)
			return shared
		}
	}
	shared := &sharedScan{
		state: of, Scan: r.Scan, way: way, shortest: r.length(), riders: []*rider{r},
		turn: make(chan struct{}, 1), ended: make(chan struct{}), empty: make(chan struct{}), active: make([]sync.Mutex, Workers()),
	}
	shared.turn <- struct{}{}
	all.open = append(all.open, shared)
	return shared
}

func (s Scan) length() time.Duration { return s.To.Sub(s.From) }

// isLike tells whether whatever range somebody wants is at least half of all together: nobody waits long for what others want to know.
func (s *sharedScan) isLike(other Scan, shortest time.Duration) bool {
	return s.with(other).length() <= 2*min(s.shortest, shortest)
}

// with reads what both want.
func (s Scan) with(other Scan) Scan {
	s.NoTimesInside = s.NoTimesInside && other.NoTimesInside && s.From.Equal(other.From) && s.To.Equal(other.To)
	if other.From.Before(s.From) {
		s.From = other.From
	}
	if other.To.After(s.To) {
		s.To = other.To
	}
	s.Reaching, s.Durations = s.Reaching || other.Reaching, s.Durations || other.Durations
	s.NoEvents, s.NoPlaces = s.NoEvents && other.NoEvents, s.NoPlaces && other.NoPlaces
	return s
}

// leave takes r from a scan that has not begun, else it returns false.
func (all *shares) leave(shared *sharedScan, r *rider) bool {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	if !slices.Contains(all.open, shared) {
		return false
	}
	if shared.riders = without(shared.riders, r); len(shared.riders) == 0 {
		all.open = without(all.open, shared)
	}
	return true
}

func without[T comparable](list []T, one T) []T {
	return slices.DeleteFunc(list, func(other T) bool { return other == one })
}

// company is how long a scan that takes a while waits for others before it begins: a dashboard's panels ask one after another.
const company = 20 * time.Millisecond

// begin waits until no other scan that reads much the same is read, and there is room for one.
func (all *shares) begin(ctx context.Context, shared *sharedScan, isLarge bool) (end func(), err error) {
	before := all.before(shared)
	if before == nil && isLarge {
		time.Sleep(company)
		before = all.before(shared)
	}
	for ; before != nil; before = all.before(shared) {
		select {
		case <-before.ended:
		case <-ctx.Done():
			return nil, busy(context.Cause(ctx))
		}
	}
	free, err := Default.begin(ctx)
	if err != nil {
		return nil, err
	}
	all.mutex.Lock()
	defer all.mutex.Unlock()
	all.open = without(all.open, shared)
	all.running = append(all.running, shared)
	return func() {
		free()
		all.mutex.Lock()
		defer all.mutex.Unlock()
		all.running = without(all.running, shared)
		close(shared.ended)
	}, nil
}

// before is a scan that another one has to wait for; nil where there is none.
func (all *shares) before(shared *sharedScan) *sharedScan {
	all.mutex.Lock()
	defer all.mutex.Unlock()
	at := slices.IndexFunc(all.running, func(s *sharedScan) bool { return s.state == shared.state && s.isLike(shared.Scan, shared.shortest) })
	if at < 0 {
		return nil
	}
	return all.running[at]
}

// lead has r read for all who go with the scan.
func (s *sharedScan) lead(ctx context.Context, db store.Querier, kept layout, r *rider) ([]store.Statement, error) {
	end, err := sharing.begin(ctx, s, kept.isLarge())
	if err != nil {
		sharing.leave(s, r)
		s.turn <- struct{}{}
		return nil, err
	}
	defer end()
	if len(s.riders) == 1 { // nobody comes any more
		return r.Scan.read(ctx, db, kept, s.way, r.take)
	}
	// Where this one is given up, the others go on. Only when they are, too, the statement is cancelled: then the transaction is lost.
	reading, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	defer cancel(nil)
	defer context.AfterFunc(ctx, func() {
		s.leave(r, context.Cause(ctx))
		select {
		case <-s.empty:
			cancel(r.why)
		case <-reading.Done():
		}
	})()
	all := s.Scan
	all.Where, all.around, all.batch = nil, s.holding, s.share
	executed, err := all.read(reading, db, kept, s.way, func(worker int, session *Session) error {
		for _, one := range s.riders {
			s.hand(one, worker, session)
		}
		return nil
	})
	for _, one := range s.riders {
		one.executed, one.err = executed, err
	}
	if r.isOff.Load() {
		return executed, r.why
	}
	return executed, err
}

// holding has those who leave wait while one goroutine hands something over.
func (s *sharedScan) holding(worker int, over func() error) error {
	select {
	case <-s.empty:
		return errNobody
	default:
	}
	s.active[worker].Lock()
	defer s.active[worker].Unlock()
	return over()
}

// errNobody ends a scan that nobody waits for any more.
var errNobody = errors.New("nobody waits for the scan")

// leave has a rider of a scan that has begun get nothing more. The first reason counts.
func (s *sharedScan) leave(r *rider, why error) {
	r.once.Do(func() {
		r.why = why
		r.isOff.Store(true)
		close(r.off)
		if s.gone.Add(1) == int64(len(s.riders)) {
			close(s.empty)
		}
	})
}

// share gives sessions to all, one rider after another: what one counts with stays in the processor's cache meanwhile.
func (s *sharedScan) share(worker int, sessions []Session) error {
	for _, one := range s.riders {
		for i := range sessions {
			s.hand(one, worker, &sessions[i])
		}
	}
	return nil
}

// hand gives a session to one who may want it.
func (s *sharedScan) hand(r *rider, worker int, session *Session) {
	if r.isOff.Load() || !r.wants(session) || r.Where != nil && !r.Where(session) {
		return
	}
	if err := r.take(worker, session); err != nil {
		s.leave(r, err)
	}
}

// wants tells whether a session is of a rider's range.
func (r *rider) wants(s *Session) bool {
	return s.Start < r.to && (s.Start >= r.from || r.Reaching && s.end >= r.from)
}

// wait returns when nothing is handed over to one who left.
func (s *sharedScan) wait() {
	for worker := range s.active {
		s.active[worker].Lock()
		s.active[worker].Unlock() //nolint:staticcheck // it was held by whoever was at it
	}
}
