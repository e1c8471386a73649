package explorer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// ActiveUsers counts, for each day of the dashboard's range, the users with a session that starts then: that day, in the
// seven and in the 28 days that end with it, and how many of the day's users are new. Days are calendar days in the query's
// time zone. The first one counts whole, and what came before the range counts in the days before it.
type ActiveUsers struct {
	query.Selection
	Show             []Activity `json:"show"`  // none: all
	Whole            bool       `json:"whole"` // without the day that still runs, or that the range ends within
	IncludeAnonymous bool       `json:"includeAnonymous"`
}

// Activity is one number of ActiveUsers.
type Activity string

const (
	activeDay       Activity = "active"
	activeWeek      Activity = "active7"
	activeMonth     Activity = "active28"
	activeNew       Activity = "new"       // the user's first session starts on the day
	activeReturning Activity = "returning" // the others of the day
)

// activity is an Activity that takes some days together, each of them for itself where it is 1.
type activity struct {
	Activity
	name string
	days int
}

// activities are all of them, in the order in which they are shown.
var activities = []activity{
	{activeDay, "Active users", 1}, {activeWeek, "7 days", 7}, {activeMonth, "28 days", longestActive},
	{activeNew, "New users", 1}, {activeReturning, "Returning users", 1},
}

const longestActive = 28

// NewActiveUsers asks for all.
func NewActiveUsers() *ActiveUsers { return &ActiveUsers{} }

// activePlan is a prepared ActiveUsers.
type activePlan struct {
	context          query.Context // which ends with the last day
	show             []Activity
	selected         filter.Node
	includeAnonymous bool
	days             buckets // the first one shown has longestActive-1 before it
	shown            int     // how many of them, at the end
	truncated        *store.Statement
	notices          []string
}

// Prepare chooses the days.
func (q *ActiveUsers) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *ActiveUsers) plan(c query.Context) (*activePlan, error) {
	for i, one := range q.Show {
		if !slices.ContainsFunc(activities, func(a activity) bool { return a.Activity == one }) {
			return nil, query.Invalid(fmt.Sprintf("show[%d]", i), "is %q; it must be active, active7, active28, new or returning", one)
		}
	}
	if err := c.CheckRange(); err != nil {
		return nil, err
	}
	plan := &activePlan{show: q.Show, includeAnonymous: q.IncludeAnonymous}
	if q.Whole {
		c = plan.wholeDays(c)
	}
	plan.context = c
	var err error
	if plan.selected, err = q.Node(c); err != nil {
		return nil, err
	}
	compiler := c.Compiler()
	if _, err = compiler.Sessions(plan.selected); err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	if compiler.Needs.Arrays {
		plan.truncated = c.TruncatedIn(query.Person{})
	}
	plan.chooseDays(c)
	return plan, nil
}

// wholeDays ends the range with the last day in it that is over; the first one counts whole in any case.
func (plan *activePlan) wholeDays(c query.Context) query.Context {
	first, end := query.StartOfDay(c.From.In(c.Location), 0), query.StartOfDay(c.To.Add(-1).In(c.Location), 1)
	for end.After(first) && !isOver(end, c) {
		end = query.StartOfDay(end, -1)
	}
	if !end.After(first) {
		plan.notices = append(plan.notices, noneWhole("day"))
		return c
	}
	c.To = end
	return c
}

// chooseDays takes the last ones where these would be too many.
func (plan *activePlan) chooseDays(c query.Context) {
	limit := maxBuckets
	if c.MaxRows > 0 {
		limit = min(limit, c.MaxRows)
	}
	first := query.StartOfDay(c.From.In(c.Location), 0)
	if earliest := query.StartOfDay(c.To.Add(-1).In(c.Location), 1-limit); first.Before(earliest) {
		first = earliest
		plan.notices = append(plan.notices, message.NewPrinter(language.English).Sprintf("A time series has at most %d points: showing the last days of the range", limit))
	}
	for at := query.StartOfDay(first, 1-longestActive); at.Before(c.To); at = query.StartOfDay(at, 1) {
		plan.days = append(plan.days, at)
		if !at.Before(first) {
			plan.shown++
		}
	}
}

func (plan *activePlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	changes, executed, err := plan.count(ctx, db)
	if err != nil {
		return nil, err
	}
	frame := plan.frame(changes)
	frame.Meta.ExecutedQueryString = query.ExecutedText(executed...)
	for _, text := range plan.notices {
		frame.AppendNotices(data.Notice{Text: text})
	}
	return data.Frames{frame}, query.NoteTruncated(ctx, db, frame, plan.truncated)
}

// shows tells whether a number was asked for.
func (plan *activePlan) shows(a Activity) bool {
	return len(plan.show) == 0 || slices.Contains(plan.show, a)
}

// frame has a point for each day shown, of the numbers that were asked for.
func (plan *activePlan) frame(changes changes) *data.Frame {
	times := make([]time.Time, plan.shown)
	before := len(plan.days) - plan.shown
	for i := range times {
		times[i] = plan.days[before+i].UTC()
	}
	frame := data.NewFrame("activeUsers", data.NewField("time", nil, times))
	frame.Meta = seriesMeta(plan.context.To)
	for _, a := range activities {
		if !plan.shows(a.Activity) {
			continue
		}
		values := numbers(a, changes)[before : before+plan.shown]
		field := data.NewField(string(a.Activity), data.Labels{measureLabel: a.name}, values)
		field.Config = &data.FieldConfig{DisplayNameFromDS: a.name}
		frame.Fields = append(frame.Fields, field)
	}
	return frame
}

// numbers are those of every day.
func numbers(a activity, changes changes) []int64 {
	added := make([]int64, len(changes[a.days]))
	sum := int64(0)
	for i, change := range changes[a.days] {
		sum += change
		switch a.Activity {
		case activeNew:
			added[i] = changes[firstDays][i]
		case activeReturning:
			added[i] = sum - changes[firstDays][i]
		default:
			added[i] = sum
		}
	}
	return added
}
