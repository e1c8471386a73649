package explorer

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

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
	days int32
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
	show      []Activity
	days      buckets // the first one shown has longestActive-1 before it
	shown     int     // how many of them, at the end
	to        time.Time
	statement store.Statement
	truncated *store.Statement
	notices   []string
}

// Prepare makes the statement.
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
	plan := &activePlan{show: q.Show}
	if q.Whole {
		c = plan.wholeDays(c)
	}
	plan.to = c.To
	n, err := q.Node(c)
	if err != nil {
		return nil, err
	}
	compiler := c.Compiler()
	condition, err := compiler.Sessions(n)
	if err != nil {
		return nil, query.InvalidFilter("options.filter", err)
	}
	if compiler.Needs.Arrays {
		plan.truncated = c.TruncatedIn(query.Person{})
	}
	plan.chooseDays(c)
	compiler.Needs.Profiles = true
	counted := "p.anonymous = false"
	if q.IncludeAnonymous {
		counted = "p.user_key is not null"
	}
	params := compiler.Params
	sql := fmt.Sprintf(activeUsersSQL, params.Add(plan.days.times()), compiler.Needs.Joins("s"), params.Add(plan.days[0]), params.Add(c.To),
		counted, condition)
	plan.statement = store.Statement{SQL: sql, Args: params.Values}
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

// A user who was active on a day counts in the windows that end from then on, until the window has left the day behind or
// the next such day takes over. So each day begins one stretch and ends one: added up in the order of days, these are the
// users of every window, without one being looked at twice.
const activeUsersSQL = `with active as (
select s.user_key, width_bucket(s.start_ts, %[1]s::timestamptz[]) as day, min(p.first_seen) as first_seen
  from footfall.sessions s%[2]s
 where s.start_ts >= %[3]s and s.start_ts < %[4]s and %[5]s and %[6]s
 group by s.user_key, day
), days as (
select day, lead(day) over (partition by user_key order by day) as next, width_bucket(first_seen, %[1]s::timestamptz[]) = day as is_new
  from active
), changes as (
select w.length, d.day, 1 as change
  from days d cross join (values (1), (7), (28)) w (length)
 union all
select w.length, least(d.next, d.day + w.length), -1
  from days d cross join (values (1), (7), (28)) w (length)
 union all
select 0, d.day, 1
  from days d
 where d.is_new
)
select length, day, sum(change)::bigint
  from changes
 group by length, day`

func (plan *activePlan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	changes := map[int32][]int64{0: nil, 1: nil, 7: nil, longestActive: nil}
	for length := range changes {
		changes[length] = make([]int64, len(plan.days)+longestActive+1)
	}
	var length, day int32
	var change int64
	err := plan.statement.Each(ctx, db, []any{&length, &day, &change}, func() error {
		changes[length][day-1] = change
		return nil
	})
	if err != nil {
		return nil, err
	}
	frame := plan.frame(changes)
	frame.Meta.ExecutedQueryString = query.ExecutedText(plan.statement)
	for _, text := range plan.notices {
		frame.AppendNotices(data.Notice{Text: text})
	}
	return data.Frames{frame}, query.NoteTruncated(ctx, db, frame, plan.truncated)
}

// frame has a point for each day shown, of the numbers that were asked for.
func (plan *activePlan) frame(changes map[int32][]int64) *data.Frame {
	times := make([]time.Time, plan.shown)
	before := len(plan.days) - plan.shown
	for i := range times {
		times[i] = plan.days[before+i].UTC()
	}
	frame := data.NewFrame("activeUsers", data.NewField("time", nil, times))
	frame.Meta = seriesMeta(plan.to)
	for _, a := range activities {
		if len(plan.show) > 0 && !slices.Contains(plan.show, a.Activity) {
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
func numbers(a activity, changes map[int32][]int64) []int64 {
	added := make([]int64, len(changes[a.days]))
	sum := int64(0)
	for i, change := range changes[a.days] {
		sum += change
		switch a.Activity {
		case activeNew:
			added[i] = changes[0][i]
		case activeReturning:
			added[i] = sum - changes[0][i]
		default:
			added[i] = sum
		}
	}
	return added
}
