package explorer

import (
	"context"
	"math/bits"
	"sort"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// changes are, by how many days are taken together, by how many more users count from a day on than the day before; of firstDays
// how many users are new on the day.
type changes map[int][]int64

const firstDays = 0

// count marks in one scan on which days users had sessions, and adds up what follows from it.
func (plan *activePlan) count(ctx context.Context, db store.Querier) (changes, []store.Statement, error) {
	room := columns.Default.Room()
	defer room.Clear()
	scan := columns.Scan{From: plan.days[0], To: plan.context.To, NoEvents: true, NoPlaces: true, Room: room}
	executed, err := scan.Select(ctx, db, plan.context.Compiler, plan.selected)
	if err != nil {
		return nil, executed, err
	}
	workers := make([]*activeDays, columns.Workers())
	for i := range workers {
		workers[i] = plan.marks(room)
	}
	statements, err := scan.Read(ctx, db, func(worker int, s *columns.Session) error { return workers[worker].take(s) })
	if executed = append(executed, statements...); err != nil {
		return nil, executed, err
	}
	counted := changes{firstDays: plan.noChanges(), 1: plan.noChanges(), 7: plan.noChanges(), longestActive: plan.noChanges()}
	for _, w := range workers {
		w.addTo(counted)
	}
	if plan.shows(activeNew) || plan.shows(activeReturning) {
		statement := plan.firstSeen()
		executed = append(executed, statement)
		err = addFirst(ctx, db, statement, workers, counted)
	}
	return counted, executed, err
}

// noChanges has room for the end of the longest window that begins on the last day.
func (plan *activePlan) noChanges() []int64 { return make([]int64, len(plan.days)+longestActive) }

// activeDays are the days on which users had sessions, as one goroutine has seen them.
type activeDays struct {
	starts           []int64 // of days, in milliseconds since 1970
	day              int     // of the session before: the next one is mostly of the same
	words            int     // of a user
	places           []int32 // by user: 1 + the user's place in marked; 0: none
	marked           []uint64
	includeAnonymous bool
	keeper           *columns.Keeper
}

func (plan *activePlan) marks(room *columns.Room) *activeDays {
	a := &activeDays{words: (len(plan.days) + 63) / 64, includeAnonymous: plan.includeAnonymous, keeper: room.Keeper()}
	for _, at := range plan.days {
		a.starts = append(a.starts, at.UnixMilli())
	}
	return a
}

func (a *activeDays) take(s *columns.Session) error {
	if !s.Kind.IsUser(a.includeAnonymous) {
		return nil
	}
	day := a.dayOf(s.Start)
	a.of(s.User)[day/64] |= 1 << (day % 64)
	return a.keeper.Keeps(int64(4*cap(a.places) + 8*cap(a.marked)))
}

func (a *activeDays) dayOf(at int64) int {
	if at < a.starts[a.day] || a.day+1 < len(a.starts) && at >= a.starts[a.day+1] {
		a.day = sort.Search(len(a.starts), func(i int) bool { return a.starts[i] > at }) - 1
	}
	return a.day
}

// of are a user's days, a bit each.
func (a *activeDays) of(user int32) []uint64 {
	for int(user) >= len(a.places) {
		a.places = append(a.places, make([]int32, max(1024, len(a.places)/4))...)
	}
	if a.places[user] == 0 {
		a.marked = append(a.marked, make([]uint64, a.words)...)
		a.places[user] = int32(len(a.marked) / a.words) //nolint:gosec // no more than users
	}
	end := int(a.places[user]) * a.words
	return a.marked[end-a.words : end]
}

// has tells whether a user had a session on a day.
func (a *activeDays) has(user int32, day int) bool {
	return int(user) < len(a.places) && a.places[user] > 0 && a.of(user)[day/64]>>(day%64)&1 == 1
}

// addTo adds up: a user who was active on a day counts in the windows that end from then on, until the window has left the day behind
// or the next such day takes over. So each day begins one stretch and ends one.
func (a *activeDays) addTo(counted changes) {
	for user := 0; user < len(a.marked); user += a.words {
		next := len(a.starts) + longestActive
		for word := a.words - 1; word >= 0; word-- { // backwards, so that the next day is known
			for days := a.marked[user+word]; days != 0; {
				bit := 63 - bits.LeadingZeros64(days)
				days &^= 1 << bit
				day := 64*word + bit
				for _, length := range []int{1, 7, longestActive} {
					counted[length][day]++
					if end := min(next, day+length); end < len(counted[length]) {
						counted[length][end]--
					}
				}
				next = day
			}
		}
	}
}

const firstSeenSQL = `select p.user_key, width_bucket(p.first_seen, $1::timestamptz[]) - 1 as day
  from footfall.profiles p
 where p.first_seen >= $2 and p.first_seen < $3`

// firstSeen reads on which day users came first.
func (plan *activePlan) firstSeen() store.Statement {
	return store.Statement{SQL: firstSeenSQL, Args: []any{plan.days.times(), plan.days[0], plan.context.To}}
}

// addFirst counts those who had a session on their first day.
func addFirst(ctx context.Context, db store.Querier, firstSeen store.Statement, workers []*activeDays, counted changes) error {
	var user int32
	var day int
	return firstSeen.Each(ctx, db, []any{&user, &day}, func() error {
		for _, w := range workers {
			if w.has(user, day) {
				counted[firstDays][day]++
			}
		}
		return nil
	})
}
