package explorer

import (
	"context"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store"
)

var units = map[Over]counting.Unit{overEvents: counting.Events, overSessions: counting.Sessions, overUsers: counting.Users}

// countedValues are the numbers that counting knows, by attribute and what is counted.
var countedValues = map[string]map[Over]counting.Value{
	timeOnPage.ID:      {overEvents: counting.TimeOnPage},
	"duration":         {overEvents: counting.EventDuration},
	"session_duration": {overEvents: counting.SessionDuration, overSessions: counting.SessionDuration},
	"session_events":   {overEvents: counting.SessionEvents, overSessions: counting.SessionEvents},
}

// countable counts what packed sessions, tokens and users tell, which is many times faster than taking sessions apart and
// putting them together in PostgreSQL. nil where more has to be known.
func (b *build) countable(measures []measure) (*counting.Grouping, error) {
	q := counting.Groups{
		Over: units[b.Over], Selected: b.selected, Conditions: b.conditionNodes, Buckets: b.buckets.times(), IncludeAnonymous: b.IncludeAnonymous,
	}
	for _, f := range b.facets {
		q.Facets = append(q.Facets, counting.Facet{Attribute: f.Attribute, Limit: f.limit, Other: f.other})
	}
	for i := range measures {
		for _, a := range measures[i].parts() {
			track := counting.Track{Condition: a.condition, Users: b.counted(*a) == overUsers}
			if functions[a.function] != "" {
				if track.Value = b.countedValue(&q, *a); track.Value == counting.NoValue {
					return nil, nil
				}
			}
			if a.track = slices.Index(q.Tracks, track); a.track < 0 {
				a.track, q.Tracks = len(q.Tracks), append(q.Tracks, track)
			}
			if i == 0 && !slices.Contains(q.RankedBy, a.track) {
				q.RankedBy = append(q.RankedBy, a.track)
			}
		}
	}
	if b.latest {
		q.Tracks = append(q.Tracks, counting.Track{Latest: true})
	}
	q.Rank = func(byTrack []counting.Count) *float64 { return b.Over.measured(byTrack, measures[0]) }
	return q.Prepare(b.Context)
}

// countedValue is what counting knows an amount's values as.
func (b *build) countedValue(q *counting.Groups, a amount) counting.Value {
	if value := countedValues[a.attribute][b.Over]; value != counting.NoValue {
		return value
	}
	of := b.valueAttributes[a.value]
	if b.Over != overEvents || of.Said() == "" {
		return counting.NoValue
	}
	at := slices.IndexFunc(q.Attributes, func(known filter.Attribute) bool { return known.ID == of.ID })
	if at < 0 {
		at, q.Attributes = len(q.Attributes), append(q.Attributes, of)
	}
	return counting.Number(at)
}

// count is read by counting what happened in sessions.
func (plan *plan) count(ctx context.Context, db store.Querier) (*result, []store.Statement, error) {
	answer, executed, err := plan.counting.Count(ctx, db)
	defer answer.Free()
	if err != nil {
		return nil, nil, err
	}
	result := &result{present: make([]bool, max(1, len(plan.buckets))), values: answer.Values}
	if len(plan.facets) == 0 && len(answer.Groups) == 0 {
		answer.Groups = []counting.Group{plan.nothing()}
	}
	for _, group := range answer.Groups {
		result.add(plan, groupLabels(group.Labels))
		for _, cell := range group.Cells {
			result.present[cell.Bucket] = true
			if result.all > len(result.groups) {
				continue
			}
			for i, m := range plan.measures {
				result.groups[len(result.groups)-1].points[i][cell.Bucket] = plan.over.measured(cell.Counts, m)
			}
			if found := cell.Counts[len(cell.Counts)-1].Latest; plan.latest && found.User > 0 {
				result.groups[len(result.groups)-1].latest = &latest{at: time.UnixMilli(found.At).UTC(), key: found.User}
			}
		}
	}
	return result, executed, nil
}

// nothing is the answer where there are no groups and nothing was found.
func (plan *plan) nothing() counting.Group {
	if plan.buckets != nil {
		return counting.Group{}
	}
	return counting.Group{Cells: []counting.Cell{{Counts: make([]counting.Count, len(plan.counting.Tracks))}}}
}

// measured is a measure of what was counted; nil where there is none.
func (o Over) measured(byTrack []counting.Count, m measure) *float64 {
	value := o.amount(byTrack, m.amount)
	if m.divisor == nil || value == nil {
		return value
	}
	divisor := o.amount(byTrack, *m.divisor)
	if divisor == nil || *divisor == 0 {
		return nil
	}
	ratio := *value / *divisor
	return &ratio
}

func (o Over) amount(byTrack []counting.Count, a amount) *float64 {
	c := &byTrack[a.track]
	switch {
	case functions[a.function] != "":
		return timed(&c.Times, a.function)
	case a.function == countUsers, o == overUsers && a.function == countRows:
		return float(c.Users)
	case o != overUsers && a.function == countSessions:
		return float(c.Sessions)
	}
	return float(c.Events)
}

var percentiles = map[MeasureName]float64{
	functionMedian: 0.5, functionP75: 0.75, functionP90: 0.9, functionP95: 0.95, functionP99: 0.99,
}

func timed(times *counting.Durations, function MeasureName) *float64 {
	switch function {
	case functionSum:
		return times.Sum()
	case functionAvg:
		sum := times.Sum()
		if sum != nil {
			*sum /= float64(times.Len())
		}
		return sum
	case functionMin:
		return times.Percentile(0)
	case functionMax:
		return times.Percentile(1)
	}
	return times.Percentile(percentiles[function])
}

func float(n int64) *float64 {
	value := float64(n)
	return &value
}
