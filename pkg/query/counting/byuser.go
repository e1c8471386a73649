package counting

import (
	"context"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// ByUser is what was counted of the first track, Events or Sessions, of each user: the number and 1, or 0 where nothing was selected
// of the user; by key, 0 for nobody.
type ByUser []int64

// twinsSQL are visitors whose id is a user's, too: by id they are one.
const twinsSQL = `
select a.key, u.key
  from footfall.user_keys a
  join footfall.user_keys u on u.id = a.id and u.kind = 'usr'
 where a.kind = 'anonymous'`

// Twins are keys of users by those of visitors who have the same id.
type Twins map[int32]int32

// CountByUser counts by user what the first track counts; there are no facets. Its errors are those of Count.
func (g *Grouping) CountByUser(ctx context.Context, db store.Querier) (ByUser, Twins, []store.Statement, error) {
	r := g.run(db)
	defer r.meanings.Clear()
	defer r.counts.Clear()
	known, err := r.begin(ctx)
	if !known || err != nil {
		return nil, nil, r.executed, err
	}
	p := &pass{run: r, ranked: -1}
	counters := make([]*userCounter, columns.Workers())
	for i := range counters {
		counters[i] = &userCounter{groupCounter: p.counter()}
	}
	statements, err := r.scan.Read(ctx, db, func(worker int, s *columns.Session) error { return counters[worker].take(s) })
	r.did(statements...)
	if err != nil {
		return nil, nil, r.executed, err
	}
	var all ByUser
	visitors := false
	for _, k := range counters {
		visitors = visitors || k.visitors
		for key, number := range k.of {
			all.add(int32(key), number)
		}
	}
	for _, e := range r.eventsOutside {
		if r.Tracks[0].Sessions {
			e.number = 0
		}
		all.Count(0, e.number*r.holds(e.matches))
	}
	twins := Twins{}
	if visitors {
		statement := store.Statement{SQL: twinsSQL}
		var visitor, user int32
		r.did(statement)
		err = statement.Each(ctx, db, []any{&visitor, &user}, func() error {
			twins[visitor] = user
			return nil
		})
	}
	return all, twins, r.executed, err
}

// holds is 1 where the first track's condition holds.
func (r *run) holds(matches uint64) int64 {
	return int64(matches >> r.Tracks[0].Condition & 1)
}

// add adds counts of a user with their 1; that of several goroutines, of which one has counted the user, nobody excepted.
func (u *ByUser) add(key int32, number int64) {
	if number > 0 {
		u.Count(key, number-1)
	}
}

// Count counts so many of a user.
func (u *ByUser) Count(key int32, number int64) {
	if missing := int(key) + 1 - len(*u); missing > 0 {
		*u = append(*u, make([]int64, missing)...)
	}
	(*u)[key] = max((*u)[key], 1) + number
}

// userCounter is what one goroutine counts by user.
type userCounter struct {
	*groupCounter
	of       ByUser
	visitors bool // some are
}

func (k *userCounter) take(s *columns.Session) error {
	of, is := k.factOf(s)
	if !is {
		return nil
	}
	user := s.User
	if s.Kind == packed.None {
		user = 0
	}
	number, selected := k.holds(of.matches), true
	if k.Over == Events {
		number, selected = k.events(s, of.matches)
	}
	if selected {
		k.visitors = k.visitors || s.Kind == packed.Anonymous
		k.of.Count(user, number)
	}
	return k.keeper.Keeps(int64(cap(k.of)) * 8)
}

// events counts those of a session: how many the track counts, once where it counts sessions, and whether any was selected.
func (k *userCounter) events(s *columns.Session, matches uint64) (number int64, selected bool) {
	for i, token := range s.Tokens {
		matches := matches & k.tokens.list[k.tokens.class(token)].matches
		if at := s.Start + s.Offsets[i]; matches&1 != 0 && at >= k.from && at < k.to {
			number, selected = number+k.holds(matches), true
		}
	}
	if k.Tracks[0].Sessions {
		number = min(number, 1)
	}
	return number, selected
}
