package users

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// activeWeeks is how far back the days of a profile go, today's week included.
const activeWeeks = 26

// dayColumns are those of frame days.
var dayColumns = []query.Column{
	{ID: "day", Name: "Day", Kind: query.Moment},
	{ID: "sessions", Name: "Sessions", Kind: query.Whole},
	{ID: "events", Name: "Events", Kind: query.Whole},
	{ID: "errors", Name: "Errors", Kind: query.Whole},
	{ID: "frustrations", Name: "Frustrations", Kind: query.Whole},
}

// profileDaysSQL has a row for each day on which the user began a session. When days begin, no two versions of PostgreSQL
// or Go need agree on: they are given.
const profileDaysSQL = `select (%[2]s::timestamptz[])[width_bucket(s.start_ts, %[2]s::timestamptz[])] as day,
       count(*), sum(s.events)::bigint, sum(s.errors)::bigint, sum(s.frustrations)::bigint
  from footfall.sessions s
 where s.user_key = %[1]s and s.start_ts >= %[3]s::timestamptz and s.start_ts < %[4]s::timestamptz
 group by day
 order by day`

// days are the calendar days of the query's zone.
func (q *Profile) days(c query.Context) store.Statement {
	params := &store.Params{}
	now := c.Now.In(c.Location)
	begins := make([]time.Time, 7*activeWeeks)
	for i := range begins {
		begins[i] = query.StartOfDay(now, i+1-len(begins)).UTC()
	}
	to := query.StartOfDay(now, 1).UTC()
	sql := fmt.Sprintf(profileDaysSQL, q.Key(params), params.Add(begins), params.Add(begins[0]), params.Add(to))
	return store.Statement{SQL: sql, Args: params.Values}
}

func (plan *profilePlan) daysFrame(ctx context.Context, db store.Querier) (*data.Frame, error) {
	table := query.NewTable(dayColumns)
	if _, _, err := table.Read(ctx, db, plan.days, 0); err != nil {
		return nil, err
	}
	frame, err := table.Frame(ctx, db, "days")
	if err != nil {
		return nil, err
	}
	frame.Meta = query.TableMeta(plan.days)
	return frame, nil
}
