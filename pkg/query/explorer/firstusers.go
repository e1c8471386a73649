package explorer

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// firstUsers are those whom a first facet of users has values for. To find them is to count for each user, which packed sessions do
// many times faster than PostgreSQL; what is measured of them the statement tells, of few users.
type firstUsers struct {
	counting  *counting.Grouping
	keys      []int32
	statement store.Statement // of those users alone
}

// mostFirst is how many users may be among the first: as many are looked up by an index.
const mostFirst = 2000

// firstUsers is nil where the first facet is another, or more than packed sessions tell decides who comes first.
func (q *Explorer) firstUsers(c query.Context, b *build, measures []measure) (*firstUsers, error) {
	if len(b.facets) == 0 || b.facets[0].ID != "user_id" || b.facets[0].other || measures[0].divisor != nil {
		return nil, nil
	}
	first := measures[0].amount
	track := counting.Track{Sessions: first.function == countSessions}
	switch first.function {
	case countRows:
		if q.Over == overUsers {
			return nil, nil // each is one
		}
	case countSessions:
	default:
		return nil, nil
	}
	conditions := []filter.Node{nil}
	if first.condition > 0 {
		track.Condition, conditions = 1, append(conditions, b.conditionNodes[first.condition])
	}
	u := &firstUsers{}
	var err error
	u.counting, err = counting.Groups{
		Over: units[q.Over], Selected: b.selected, Conditions: conditions, Tracks: []counting.Track{track}, IncludeAnonymous: q.IncludeAnonymous,
	}.Prepare(c)
	if u.counting == nil || err != nil {
		return nil, err
	}
	narrow := &build{
		Context: c, Explorer: q, compiler: c.Compiler(), facets: b.facets, buckets: b.buckets, latest: b.latest, among: &u.keys,
	}
	if measures, err = narrow.compile(); err != nil {
		return nil, err
	}
	u.statement = store.Statement{SQL: narrow.sql(measures), Args: narrow.compiler.Params.Values}
	return u, nil
}

// readFirst finds the users who come first and asks the statement about them; about all where they are not told apart.
func (plan *plan) readFirst(ctx context.Context, db store.Querier) (*result, []store.Statement, error) {
	counts, twins, executed, err := plan.first.counting.CountByUser(ctx, db)
	if err != nil && !errors.Is(err, columns.ErrTooMuch) {
		return nil, executed, err
	}
	asked, values := plan.statement, 0
	if err == nil {
		var found bool
		if plan.first.keys, values, found = firstOf(counts, twins, plan.facets[0].limit); found {
			asked = plan.first.statement
		} else {
			values = 0
		}
	}
	result, statements, err := plan.readBy(ctx, db, asked)
	if err == nil && values > 0 {
		result.values[0] = int64(values)
	}
	return result, append(executed, statements...), err
}

// counted is a user with what was counted.
type counted struct {
	key    int32
	number int64
}

// firstOf are the keys of the first users, of visitors with their ids, and of all with as many as the last; and how many values
// there are. found is false where nobody is among them, or too many are.
func firstOf(counts counting.ByUser, twins counting.Twins, limit int) (keys []int32, values int, found bool) {
	visitors := map[int32][]int32{}
	for visitor, user := range twins {
		if int(visitor) < len(counts) && counts[visitor] > 0 {
			number := counts[visitor] - 1
			counts[visitor] = 0
			counts.Count(user, number)
			visitors[user] = append(visitors[user], visitor)
		}
	}
	var list []counted
	for key, number := range counts {
		if number > 0 {
			list = append(list, counted{int32(key), number})
		}
	}
	slices.SortFunc(list, func(a, b counted) int { return cmp.Compare(b.number, a.number) })
	last := min(limit, len(list))
	for last > 0 && last < len(list) && list[last].number == list[last-1].number {
		last++
	}
	for _, one := range list[:last] {
		keys = append(keys, one.key)
		keys = append(keys, visitors[one.key]...)
	}
	return keys, len(list), len(keys) <= mostFirst && !slices.Contains(keys, 0)
}
