// Package explorer holds the question that measures events, sessions or users by facets and time.
package explorer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Explorer measures events, sessions or users in the dashboard's range, grouped by up to three facets, as a time
// series, a table or single values.
type Explorer struct {
	query.Selection
	Over             Over      `json:"over"`
	Measures         []Measure `json:"measures"` // none: one count
	Facets           []Facet   `json:"facets"`   // up to three, each within the one before
	Format           Format    `json:"format"`
	Interval         Interval  `json:"interval"` // calendar buckets in the query's time zone; auto: the dashboard's interval
	Fill             bool      `json:"fill"`     // time series have all buckets: 0 for counts, null for the rest
	Whole            bool      `json:"whole"`    // time series leave out buckets that the range cuts and the one that still runs
	Latest           bool      `json:"latest"`   // tables over events have when the last event of each row was, and whose
	IncludeAnonymous bool      `json:"includeAnonymous"`
}

// Measure is a number of a group of events, sessions or users: count, users, sessions, or sum, avg, min, max, median,
// p75, p90, p95, p99 of an attribute; or the ratio of two such numbers. All of it may stand in Measure as one text:
// "p95 duration", "users / sessions".
type Measure struct {
	Measure   MeasureName `json:"measure,omitempty"`   // of all but ratios
	Attribute string      `json:"attribute,omitempty"` // a number or duration
	Filter    string      `json:"filter,omitempty"`    // counts only what matches, beside the selection's filter
	Name      string      `json:"name,omitempty"`      // shown; none: made of the rest
	Ratio     *Ratio      `json:"ratio,omitempty"`
}

// Ratio divides two measures; it is null where the divisor is 0.
type Ratio struct {
	Of Measure `json:"of"`
	To Measure `json:"to"`
}

// Facet groups by an attribute's values: the first ones by the first measure over the whole range, ties by value.
type Facet struct {
	Attribute string     `json:"attribute"`
	Limit     FacetLimit `json:"limit,omitempty"` // of values; 0: 10
	Other     bool       `json:"other,omitempty"` // the remaining values as (other)
}

// FacetLimit is a number that may also be given as a text, which a dashboard's variable is replaced by.
type FacetLimit int

// UnmarshalJSON takes 5 and "5"; "" is the default.
func (l *FacetLimit) UnmarshalJSON(text []byte) error {
	if !bytes.HasPrefix(text, []byte(`"`)) {
		return json.Unmarshal(text, (*int)(l))
	}
	number, err := strconv.Atoi(cmp.Or(string(bytes.Trim(text, `"`)), "0"))
	if err != nil {
		return &json.UnmarshalTypeError{Value: "text " + string(text), Type: reflect.TypeFor[int]()}
	}
	*l = FacetLimit(number)
	return nil
}

// Over is what a question is asked over.
type Over string

const (
	overEvents   Over = "events"
	overSessions Over = "sessions"
	overUsers    Over = "users"
)

// Format is the form of an answer.
type Format string

const (
	formatSeries Format = "timeseries"
	formatTable  Format = "table"
	formatValue  Format = "value"
)

const (
	maxMeasures    = 20
	maxFacets      = 3
	maxFacetLimit  = 1000
	maxGroups      = 10_000  // that the limits of the facets may add up to
	maxPoints      = 100_000 // of all series of an answer
	maxBuckets     = 1000
	maxMeasureName = 200
	defaultFacet   = 10
)

// otherText stands for the values beyond a facet's limit.
const otherText = counting.OtherText

// NewExplorer has the options' defaults: the number of events over time.
func NewExplorer() *Explorer {
	return &Explorer{Over: overEvents, Format: formatSeries, Interval: intervalAuto, Fill: true}
}

// plan is a prepared Explorer.
type plan struct {
	over      Over
	format    Format
	fill      bool
	buckets   buckets   // of time series
	to        time.Time // where the last bucket ends, in the range
	facets    []facet
	measures  []measure
	latest    bool
	statement store.Statement
	counting  *counting.Grouping // answers too, and faster, but for what truncated sessions lack; nil where it cannot
	first     *firstUsers        // finds sooner whom the statement has to look at; nil where it cannot
	truncated store.Statement    // whether some are
	noted     bool               // sessions' arrays decide about something, which a notice tells where some are truncated
	limit     int                // of groups
	notices   []string           // known before the answer is
	plain     string             // SQL for people, or why there is none
}

// Prepare makes the statement.
func (q *Explorer) Prepare(c query.Context) (query.Answer, error) {
	plan, err := q.plan(c)
	if err != nil {
		return nil, err
	}
	return plan.answer, nil
}

func (q *Explorer) plan(c query.Context) (*plan, error) {
	if err := q.check(c); err != nil {
		return nil, err
	}
	plan := &plan{over: q.Over, format: q.Format, fill: q.Fill, limit: maxGroups}
	plan.latest = q.Latest && q.Over == overEvents && q.Format == formatTable
	if c.MaxRows > 0 && q.Format == formatTable {
		plan.limit = min(plan.limit, c.MaxRows)
	}
	if q.Format == formatSeries {
		c = plan.chooseBuckets(c, q)
		plan.limit = maxPoints / len(plan.buckets)
	}
	var err error
	if plan.facets, err = q.facets(c); err != nil {
		return nil, err
	}
	b := &build{Context: c, Explorer: q, compiler: c.Compiler(), facets: plan.facets, buckets: plan.buckets, latest: plan.latest}
	if plan.measures, err = b.compile(); err != nil {
		return nil, err
	}
	sql := b.sql(plan.measures)
	plan.statement = store.Statement{SQL: sql, Args: b.compiler.Params.Values}
	plan.truncated, plan.noted = *c.TruncatedIn(query.Person{}), b.compiler.Needs.Arrays
	plan.plain = b.plainText(plan.measures)
	if plan.counting, err = b.countable(plan.measures); err == nil && plan.counting == nil {
		plan.first, err = q.firstUsers(c, b, plan.measures)
	}
	return plan, err
}

// chooseBuckets returns the context of what they hold.
func (plan *plan) chooseBuckets(c query.Context, q *Explorer) query.Context {
	step, made, notice := chooseBuckets(c, q.Interval)
	plan.note(notice)
	if q.Whole {
		c, made, notice = step.whole(c, made)
		plan.note(notice)
	}
	plan.buckets, plan.to = made, c.To
	return c
}

func (plan *plan) note(notice string) {
	if notice != "" {
		plan.notices = append(plan.notices, notice)
	}
}

func (q *Explorer) check(c query.Context) error {
	switch {
	case !slices.Contains([]Over{overEvents, overSessions, overUsers}, q.Over):
		return query.Invalid("over", "is %q; it must be events, sessions or users", q.Over)
	case !slices.Contains([]Format{formatSeries, formatTable, formatValue}, q.Format):
		return query.Invalid("format", "is %q; it must be timeseries, table or value", q.Format)
	case !slices.Contains(intervals, q.Interval):
		return query.Invalid("interval", "is %q; it must be one of auto, minute, hour, day, week, month", q.Interval)
	case len(q.Measures) > maxMeasures:
		return query.Invalid("measures", "has %d entries, more than %d", len(q.Measures), maxMeasures)
	case len(q.Facets) > maxFacets:
		return query.Invalid("facets", "has %d entries, more than %d", len(q.Facets), maxFacets)
	}
	return c.CheckRange()
}

// facet is a prepared Facet.
type facet struct {
	filter.Attribute
	limit int
	other bool
}

// isFrustration: one event can carry several.
func (f facet) isFrustration() bool { return f.ID == "frustration" }

// hasSeveral: one row can have several values and counts in each.
func (f facet) hasSeveral() bool { return f.isFrustration() || f.HasElements() }

func (q *Explorer) facets(c query.Context) ([]facet, error) {
	facets := make([]facet, len(q.Facets))
	groups := 1
	for i, asked := range q.Facets {
		field := fmt.Sprintf("facets[%d]", i)
		a, err := q.find(c, asked.Attribute, field+".attribute")
		if err != nil {
			return nil, err
		}
		if slices.ContainsFunc(facets[:i], func(f facet) bool { return f.ID == a.ID }) {
			return nil, query.Invalid(field+".attribute", "repeats %q; choose another or leave it out", a.ID)
		}
		if asked.Limit < 0 || asked.Limit > maxFacetLimit {
			return nil, query.Invalid(field+".limit", "must be 1 to %d, not %d", maxFacetLimit, asked.Limit)
		}
		facets[i] = facet{Attribute: a, limit: cmp.Or(int(asked.Limit), defaultFacet), other: asked.Other}
		if groups *= facets[i].limit; groups > maxGroups {
			return nil, query.Invalid(field+".limit", "makes more than %d groups of all facets together; lower the limits", maxGroups)
		}
	}
	return facets, nil
}

// find finds an attribute that each of the rows has one value of.
func (q *Explorer) find(c query.Context, id, field string) (filter.Attribute, error) {
	a, err := c.Names.Find(id)
	if err != nil {
		return a, query.Invalid(field, "names no attribute: %s", err)
	}
	if a.FilterOnly {
		return a, query.SeveralValues(a, field)
	}
	if err := c.RefuseEmails(a, field); err != nil {
		return a, err
	}
	if q.Over == overUsers && a.Level != filter.Profile || q.Over == overSessions && a.Level == filter.Event {
		return a, query.Invalid(field, "is %q, an attribute of %ss, and %s have no one value of it; ask over %ss", id, a.Level, q.Over, a.Level)
	}
	return a, nil
}

// answer asks in the faster way that there is and makes the frame.
func (plan *plan) answer(ctx context.Context, db store.Querier) (data.Frames, error) {
	truncated, counts, err := plan.ways(ctx, db)
	if err != nil {
		return nil, err
	}
	read := plan.read
	switch {
	case counts && plan.first != nil:
		read = plan.readFirst
	case counts:
		read = plan.count
	}
	result, executed, err := read(ctx, db)
	if err != nil {
		return nil, err
	}
	if plan.latest {
		looked, err := result.findUsers(ctx, db)
		if err != nil {
			return nil, err
		}
		executed = append(executed, looked)
	}
	frame := plan.frame(result)
	frame.Meta.ExecutedQueryString = query.ExecutedText(executed...) + ";\n\n" + plan.plain
	for _, text := range append(plan.notices, result.notices(plan)...) {
		frame.AppendNotices(data.Notice{Text: text})
	}
	if truncated && plan.noted {
		frame.AppendNotices(query.TruncatedNotice)
	}
	return data.Frames{frame}, nil
}

// ways tells whether sessions are truncated, where that matters, and whether counting can answer, or find who comes first.
func (plan *plan) ways(ctx context.Context, db store.Querier) (truncated, counts bool, err error) {
	counting := plan.counting
	if plan.first != nil {
		counting = plan.first.counting
	}
	if counting == nil && !plan.noted {
		return false, false, nil
	}
	truncated, err = query.IsTrue(ctx, db, plan.truncated)
	if err == nil && counting != nil {
		counts, err = counting.CanAnswer(ctx, db, truncated)
	}
	return truncated, counts, err
}
