package explorer

import (
	"context"
	"errors"

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

// readFirst finds the users who come first and asks the statement about them; about all where these are too many, or nobody is among
// them.
func (plan *plan) readFirst(ctx context.Context, db store.Querier) (*result, []store.Statement, error) {
	first, executed, err := plan.first.counting.FirstUsers(ctx, db, plan.facets[0].limit)
	isFound := err == nil && !first.Nobody && len(first.Keys) <= mostFirst
	if err != nil && !errors.Is(err, columns.ErrTooMuch) {
		return nil, executed, err
	}
	asked := plan.statement
	if isFound {
		asked, plan.first.keys = plan.first.statement, first.Keys
		if _, err := db.Exec(ctx, store.PlansOfFew); err != nil {
			return nil, executed, &store.StatementError{Executed: store.PlansOfFew, Err: err}
		}
	}
	result, statements, err := plan.readBy(ctx, db, asked)
	if err == nil && isFound {
		result.values[0] = int64(first.Values)
	}
	return result, append(executed, statements...), err
}
