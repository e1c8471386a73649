// Package top holds the questions what is viewed and done most.
package top

import (
	"context"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Top counts what is viewed or done most in the dashboard's range. Events and sessions are counted whosesoever they
// are; users are those with a usr.id, and the anonymous ones if wanted.
type Top struct {
	query.Selection
	query.Person
	Limit            int  `json:"limit"`
	IncludeAnonymous bool `json:"includeAnonymous"`

	what topKind
}

// topKind is what a Top counts.
type topKind struct {
	eventType                             event.Type
	frame, column, name, count, countName string         // column: the attribute that names an event
	time                                  counting.Value // whose median is shown
	median                                string         // what the times are
}

var (
	topPages = topKind{
		eventType: event.View, time: counting.TimeOnPage,
		frame: "topPages", column: "page", name: "Page", count: "views", countName: "Views", median: "Median time on page",
	}
	topActions = topKind{
		eventType: event.Action, time: counting.SinceStart,
		frame: "topActions", column: "action", name: "Action", count: "actions", countName: "Actions",
		median: "Median time since the session's start",
	}
)

// named are the events of the kind that have a name.
func (k topKind) named() filter.Node {
	return filter.All(
		filter.Term{Name: "type", Match: filter.Exactly(string(k.eventType))},
		filter.Term{Name: k.column, Match: filter.Exists},
	)
}

const maxTop = 1000

// NewTopPages has the options' defaults. A page's time is that to the same session's next view; the last has none.
func NewTopPages() *Top { return &Top{Limit: 20, what: topPages} }

// NewTopActions has the options' defaults. An action's time is that since its session's start.
func NewTopActions() *Top { return &Top{Limit: 20, what: topActions} }

// topPlan is a prepared Top.
type topPlan struct {
	what      topKind
	columns   []query.Column
	limit     int
	counting  *counting.Grouping // where an event's session and token decide, else
	events    *store.Statement   // has one row more than limit
	truncated *store.Statement
}

// Prepare makes the statements.
func (q *Top) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Top) plan(c query.Context) (*topPlan, error) {
	if err := q.check(c); err != nil {
		return nil, err
	}
	what := q.what
	by, err := c.Names.Find(what.column)
	if err != nil {
		return nil, err
	}
	plan := &topPlan{what: what, limit: c.AtMost(q.Limit), columns: []query.Column{
		{ID: what.column, Name: what.name},
		{ID: what.count, Name: what.countName, Kind: query.Whole},
		{ID: "sessions", Name: "Sessions", Kind: query.Whole},
		{ID: "users", Name: "Users", Kind: query.Whole},
		{ID: "median_time", Name: what.median, Kind: query.Fraction, Unit: "ms"},
	}}
	n, err := q.Node(c)
	if err != nil {
		return nil, err
	}
	compiler := c.Compiler()
	condition, err := compiler.Events(n)
	if err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	if !compiler.Needs.Events {
		groups := counting.Groups{
			Over: counting.Events, Person: q.Person, Selected: filter.All(what.named(), n), IncludeAnonymous: q.IncludeAnonymous,
			Conditions: []filter.Node{nil}, Facets: []counting.Facet{{Attribute: by, Limit: plan.limit}},
			Tracks: []counting.Track{{Value: what.time, Users: true}, {}}, RankedBy: []int{1},
			Rank: func(byTrack []counting.Count) *float64 { events := float64(byTrack[1].Events); return &events },
		}
		if plan.counting, err = groups.Prepare(c); err != nil {
			return nil, err
		}
	}
	if plan.counting != nil {
		plan.truncated = c.TruncatedIn(q.Person)
		return plan, nil
	}
	if compiler.Needs.Arrays {
		plan.truncated = c.TruncatedIn(q.Person)
	}
	plan.events = q.events(by, c, compiler, condition, plan.limit+1)
	return plan, nil
}

func (q *Top) check(c query.Context) error {
	if err := q.Person.Check(); err != nil {
		return err
	}
	if err := query.CheckPage(q.Limit, maxTop, 0); err != nil {
		return err
	}
	return c.CheckRange()
}

func (plan *topPlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	var rows int
	var more bool
	var err error
	table := query.NewTable(plan.columns)
	var executed []store.Statement
	if plan.counting != nil {
		rows, more, executed, err = plan.count(ctx, db, table)
	} else {
		executed = []store.Statement{*plan.events}
		rows, more, err = table.Read(ctx, db, *plan.events, plan.limit)
	}
	if err != nil {
		return nil, err
	}
	frame, err := table.Frame(ctx, db, plan.what.frame)
	if err != nil {
		return nil, err
	}
	frame.Meta = query.TableMeta(executed...)
	if more {
		query.NoteMore(frame, rows, plan.what.column+"s")
	}
	return data.Frames{frame}, query.NoteTruncated(ctx, db, frame, plan.truncated)
}

// count takes those that are counted most into a table.
func (plan *topPlan) count(ctx context.Context, db store.Querier, table *query.Table) (
	rows int, more bool, executed []store.Statement, err error,
) {
	answer, executed, err := plan.counting.Count(ctx, db)
	defer answer.Free()
	if err != nil {
		return 0, false, nil, err
	}
	for _, group := range answer.Groups {
		targets, c := table.Targets(), group.Cells[0].Counts[0]
		*targets[0].(**string) = group.Labels[0]
		*targets[1].(*int64), *targets[2].(*int64), *targets[3].(*int64) = c.Events, c.Sessions, c.Users
		*targets[4].(**float64) = c.Times.Percentile(0.5)
		table.Take()
	}
	return len(answer.Groups), answer.Values[0] > int64(plan.limit), executed, nil
}
