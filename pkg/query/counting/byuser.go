package counting

import (
	"context"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// FirstUsers are those of whom the first track counts most.
type FirstUsers struct {
	Keys   []int32 // theirs, of visitors with their ids, and of all with as many as the last one
	Values int     // how many ids anything was selected of; nobody is one of them
	Nobody bool    // is among the first, and has no key
}

// FirstUsers counts for each user what the first track counts, Events or Sessions, and finds so many; there are no facets. Its errors
// are those of Count.
func (g *Grouping) FirstUsers(ctx context.Context, db store.Querier, limit int) (FirstUsers, []store.Statement, error) {
	r := g.run(db)
	defer r.meanings.Clear()
	defer r.counts.Clear()
	known, err := r.begin(ctx)
	if !known || err != nil {
		return FirstUsers{}, r.executed, err
	}
	counts, visitors, err := r.countByUser(ctx)
	twins := map[int32]int32{}
	if err == nil && visitors {
		twins, err = r.twins(ctx)
	}
	if err != nil {
		return FirstUsers{}, r.executed, err
	}
	return counts.first(twins, limit), r.executed, nil
}

// byUser is what was counted of each user: the number and 1, or 0 where nothing was selected of the user; by key, 0 for nobody.
type byUser []int64

// countByUser tells also whether there are visitors among them.
func (r *run) countByUser(ctx context.Context) (all byUser, visitors bool, err error) {
	p := &pass{run: r, ranked: -1}
	counters := make([]*userCounter, columns.Workers())
	for i := range counters {
		counters[i] = &userCounter{groupCounter: p.counter()}
	}
	statements, err := r.scan.Read(ctx, r.db, func(worker int, s *columns.Session) error { return counters[worker].take(s) })
	if r.did(statements...); err != nil {
		return nil, false, err
	}
	for _, k := range counters {
		visitors = visitors || k.visitors
		for key, number := range k.of {
			if number > 0 {
				all.count(int32(key), number-1)
			}
		}
	}
	for _, e := range r.eventsOutside {
		if r.Tracks[0].Sessions {
			e.number = 0
		}
		all.count(0, e.number*r.holds(e.matches))
	}
	return all, visitors, nil
}

// twinsSQL are visitors whose id is a user's, too: by id they are one.
const twinsSQL = `
select a.key, u.key
  from footfall.user_keys a
  join footfall.user_keys u on u.id = a.id and u.kind = 'usr'
 where a.kind = 'anonymous'`

// twins are keys of users by those of visitors who have the same id.
func (r *run) twins(ctx context.Context) (map[int32]int32, error) {
	statement := store.Statement{SQL: twinsSQL}
	r.did(statement)
	twins := map[int32]int32{}
	var visitor, user int32
	return twins, statement.Each(ctx, r.db, []any{&visitor, &user}, func() error {
		twins[visitor] = user
		return nil
	})
}

// first finds so many, after it has counted visitors as the users of their ids.
func (u *byUser) first(twins map[int32]int32, limit int) (first FirstUsers) {
	visitors := map[int32][]int32{}
	for visitor, user := range twins {
		if int(visitor) < len(*u) && (*u)[visitor] > 0 {
			u.count(user, (*u)[visitor]-1)
			(*u)[visitor] = 0
			visitors[user] = append(visitors[user], visitor)
		}
	}
	var list []candidate
	for key, number := range *u {
		if number > 0 {
			list = append(list, candidate{value: int32(key), rank: float64(number)})
		}
	}
	first.Values = len(list)
	for _, one := range withTies(list, limit) {
		first.Keys = append(append(first.Keys, one.value), visitors[one.value]...)
	}
	if at := slices.Index(first.Keys, 0); at >= 0 {
		first.Keys, first.Nobody = slices.Delete(first.Keys, at, at+1), true
	}
	return first
}

// holds is 1 where the first track's condition holds.
func (r *run) holds(matches uint64) int64 {
	return int64(matches >> r.Tracks[0].Condition & 1)
}

// count counts so many of a user.
func (u *byUser) count(key int32, number int64) {
	if missing := int(key) + 1 - len(*u); missing > 0 {
		*u = append(*u, make([]int64, missing)...)
	}
	(*u)[key] = max((*u)[key], 1) + number
}

// userCounter is what one goroutine counts by user.
type userCounter struct {
	*groupCounter
	of       byUser
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
		k.of.count(user, number)
	}
	return k.keeper.Keeps(int64(cap(k.of)) * 8)
}

// events counts those of a session: how many the track counts, once where it counts sessions, and whether any was selected.
func (k *userCounter) events(s *columns.Session, matches uint64) (number int64, selected bool) {
	for i, token := range s.Tokens {
		matches := matches & k.tokens.list[k.tokens.class(token)].matches
		if k.said != nil {
			matches &= k.said.matching(s, i)
		}
		if at := s.Start + s.Offsets[i]; matches&1 != 0 && at >= k.from && at < k.to {
			number, selected = number+k.holds(matches), true
		}
	}
	if k.Tracks[0].Sessions {
		number = min(number, 1)
	}
	return number, selected
}
