package explorer

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sort"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestExplorerAnswersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader, people := testdb.AsDatasource(t, db), testdb.AsReader(t, db)
	tokens := columns.NewTokens()
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 6 {
			c, q := drawExplorerContext(t), drawExplorer(t)
			c.Tokens = tokens
			requireExplorer(t, reader, c, q, world)
			q.Selection = drawSegments(t, q.Selection)
			requirePlain(t, reader, people, c, q)
		}
	})
}

// Sessions whose arrays do not hold all events are answered from the events, to the same effect.
func TestExplorerAnswersAsDefinedOfTruncatedSessions(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.settings set session_event_cap = 2`)
	require.NoError(t, err)
	reader, people := testdb.AsDatasource(t, db), testdb.AsReader(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 6 {
			c, q := drawExplorerContext(t), drawExplorer(t)
			q.Over, q.Filter, q.Facets = overEvents, "", nil
			for i := range q.Measures {
				q.Measures[i] = withoutHas(t, q.Measures[i])
			}
			requireExplorer(t, reader, c, q, world)
			requirePlain(t, reader, people, c, q)
		}
	})
}

// What is counted from sessions' arrays is what is defined, whether or not some are truncated.
func TestExplorerCountsArraysAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		_, err := db.Exec(context.Background(), `update footfall.settings set session_event_cap = $1`, rapid.SampledFrom([]int{2, 20_000, 20_000}).Draw(t, "cap"))
		require.NoError(t, err)
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 6 {
			c, q := drawExplorerContext(t), NewExplorer()
			q.Format = rapid.SampledFrom([]Format{formatTable, formatValue}).Draw(t, "format")
			q.IncludeAnonymous = rapid.Bool().Draw(t, "anonymous")
			q.Latest = rapid.Bool().Draw(t, "latest")
			q.Filter = rapid.SampledFrom([]string{"", "country:BR", "page:/cart", "type:view OR type:action", "user_id:ann -page:/"}).Draw(t, "filter")
			q.Facets = []Facet{{rapid.SampledFrom([]string{"page", "page", "action", "error"}).Draw(t, "facet"), FacetLimit(rapid.IntRange(0, 3).Draw(t, "limit")), false}}
			q.Measures = rapid.SliceOfN(rapid.Custom(drawArrayMeasure), 0, 3).Draw(t, "measures")
			plan, err := q.plan(c)
			require.NoError(t, err)
			require.NotNil(t, plan.counting)
			requireExplorer(t, reader, c, q, world)
		}
	})
}

// Where retention has removed sessions, their events count no more, whatever an answer is read from.
func TestExplorerLeavesOutRemovedSessions(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	keep := func(t require.TestingT, sessions any) {
		_, err := db.Exec(context.Background(), `update footfall.settings set session_retention = clock_timestamp() - $1::timestamptz`, sessions)
		require.NoError(t, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		defer keep(t, nil)
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		from := history.Origin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "kept from")) * time.Hour)
		keep(t, from.Add(24*time.Hour)) // retention leaves a day more
		_, err := rollup.Retain(context.Background(), db)
		require.NoError(t, err)
		removed := time.UnixMilli(0) // to the clock's microsecond
		require.NoError(t, db.QueryRow(context.Background(), `select coalesce(sessions_from, $1) from footfall.worker`, removed).Scan(&removed))
		world.Events = slices.DeleteFunc(world.Events, func(e *history.Event) bool {
			return e.Session != nil && time.UnixMilli(e.Session.End()).Before(removed)
		})
		for range 6 {
			c, q := drawExplorerContext(t), NewExplorer()
			q.Format, q.IncludeAnonymous = formatTable, rapid.Bool().Draw(t, "anonymous")
			q.Filter = rapid.SampledFrom([]string{"", "country:BR", "page:/cart", "price:>=5", "-coupon:*"}).Draw(t, "filter")
			q.Facets = []Facet{{rapid.SampledFrom([]string{"page", "country", "attributes.coupon", "price"}).Draw(t, "facet"), 3, true}}
			q.Measures = rapid.SliceOfN(rapid.Custom(drawArrayMeasure), 0, 3).Draw(t, "measures")
			requireExplorer(t, reader, c, q, world)
		}
	})
}

func drawArrayMeasure(t *rapid.T) Measure {
	simple := func(label string) Measure {
		m := Measure{Measure: rapid.SampledFrom([]MeasureName{
			"count", "users", "sessions", "sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99",
		}).Draw(t, label)}
		if functions[m.Measure] != "" {
			m.Attribute = timeOnPage.ID
		}
		return m
	}
	if rapid.IntRange(0, 4).Draw(t, "ratio") == 0 {
		return Measure{Ratio: &Ratio{simple("of"), simple("to")}}
	}
	return simple("measure")
}

// withoutHas: has(...) looks in the arrays alone.
func withoutHas(t *rapid.T, m Measure) Measure {
	m.Filter = rapid.SampledFrom([]string{"", "page:/cart", "type:view", "price:>=5"}).Draw(t, "plain filter")
	if m.Ratio != nil {
		m.Filter = ""
		m.Ratio = &Ratio{Of: withoutHas(t, m.Ratio.Of), To: withoutHas(t, m.Ratio.To)}
	}
	if m.Attribute != "" {
		m.Attribute = rapid.SampledFrom([]string{"time_on_page", "duration", "price"}).Draw(t, "attribute")
	}
	return m
}

func drawExplorerContext(t *rapid.T) query.Context {
	c := questions.Context()
	location, err := time.LoadLocation(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns"}).Draw(t, "zone"))
	require.NoError(t, err)
	c.Location = location
	c.From = history.Origin.Add(time.Duration(rapid.IntRange(-24, 60*24).Draw(t, "from")) * time.Hour)
	c.To = c.From.Add(time.Duration(rapid.IntRange(1, 40*24).Draw(t, "hours")) * time.Hour)
	c.Now = rapid.SampledFrom([]time.Time{c.Now, c.To, c.To.Add(-30 * time.Hour)}).Draw(t, "now")
	c.Interval = rapid.SampledFrom([]time.Duration{0, time.Minute, time.Hour, 30 * time.Hour}).Draw(t, "interval")
	return c
}

func drawExplorer(t *rapid.T) *Explorer {
	q := NewExplorer()
	q.Over = rapid.SampledFrom([]Over{overEvents, overEvents, overSessions, overUsers}).Draw(t, "over")
	q.Format = rapid.SampledFrom([]Format{formatSeries, formatTable, formatValue}).Draw(t, "format")
	q.Interval = rapid.SampledFrom(intervals).Draw(t, "interval")
	q.Fill, q.IncludeAnonymous = rapid.Bool().Draw(t, "fill"), rapid.Bool().Draw(t, "anonymous")
	q.Whole = rapid.Bool().Draw(t, "whole")
	q.Latest = rapid.Bool().Draw(t, "latest")
	q.Filter = drawExplorerFilter(t)
	q.Measures = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Measure {
		if rapid.IntRange(0, 4).Draw(t, "ratio") == 0 {
			return Measure{Ratio: &Ratio{drawMeasure(t, q), drawMeasure(t, q)}}
		}
		return drawMeasure(t, q)
	}), 0, 3).Draw(t, "measures")
	known := map[string]bool{}
	for range rapid.IntRange(0, 3).Draw(t, "facets") {
		id := rapid.SampledFrom(explorerAttributes(q)).Draw(t, "facet")
		if !known[id] {
			known[id] = true
			q.Facets = append(q.Facets, Facet{id, FacetLimit(rapid.IntRange(0, 3).Draw(t, "limit")), rapid.Bool().Draw(t, "other")})
		}
	}
	return q
}

// explorerAttributes favours those that are likely to be asked for.
func explorerAttributes(q *Explorer) []string {
	ids := []string{"user_id", "user_name", "user_email", "usr.plan", "first_country"}
	levels := []filter.Level{filter.Profile}
	if q.Over != overUsers {
		levels, ids = append(levels, filter.Session), append(ids, "country", "device_type", "entry_page", "exit_page")
	}
	if q.Over == overEvents {
		levels, ids = append(levels, filter.Event), append(ids, "page", "page", "action", "error", "type", "frustration", "frustration")
	}
	for _, a := range history.Names.All(levels...) {
		ids = append(ids, a.ID)
	}
	return ids
}

func drawMeasure(t *rapid.T, q *Explorer) Measure {
	m := Measure{Measure: rapid.SampledFrom([]MeasureName{
		"count", "users", "sessions", "count", "users", "sessions", "sum", "avg", "min", "max", "median", "p75", "p90", "p95", "p99",
	}).Draw(t, "measure")}
	if functions[m.Measure] != "" {
		attributes := []string{"views", "sessions", "usr.plan"}
		if q.Over != overUsers {
			attributes = append(attributes, "session_duration", "session_events")
		}
		if q.Over == overEvents {
			attributes = append(attributes, "duration", "price", "time_on_page", "time_on_page", "attributes.coupon")
		}
		m.Attribute = rapid.SampledFrom(attributes).Draw(t, "attribute")
	}
	if rapid.IntRange(0, 2).Draw(t, "own filter") == 0 {
		m.Filter = drawExplorerFilter(t)
	}
	return m
}

func drawExplorerFilter(t *rapid.T) string {
	switch rapid.IntRange(0, 5).Draw(t, "filter") {
	case 0:
		return "country:BR"
	case 1:
		return "page:/cart"
	case 2:
		return filter.String(history.Filter(t, true, filter.Profile, filter.Session, filter.Event))
	}
	return ""
}

func requireExplorer(t *rapid.T, db *pgxpool.Pool, c query.Context, q *Explorer, world history.World) {
	plan, err := q.plan(c)
	require.NoError(t, err)
	o := oracle{t, c, q, world}
	if q.Whole && q.Format == formatSeries { // the range is cut to the buckets, which have a test of their own
		o.From, o.To = maxTime(c.From, plan.buckets[0]), plan.to
	}
	whole := o.items(func(int64) int { return 0 })
	items := whole
	if q.Format == formatSeries {
		items = o.items(func(ms int64) int {
			return sort.Search(len(plan.buckets), func(i int) bool { return plan.buckets[i].UnixMilli() > ms }) - 1
		})
	}
	groups := o.groups(whole, items, nil)
	frame := questions.AskOne(t, db, c, q)
	text := fmt.Sprintf("%+v\n%s", *q, plan.statement)
	if q.Format == formatTable {
		requireTable(t, o, frame, groups, text)
		return
	}
	requireLabelled(t, o, plan, frame, groups, items, text)
}

func requireTable(t *rapid.T, o oracle, frame *data.Frame, groups []oracleGroup, text string) {
	numbers := len(o.Facets) + len(o.measures())
	if o.Latest && o.Over == overEvents {
		o.requireLatest(groups, fieldOf[*time.Time](frame, numbers), fieldOf[*string](frame, numbers+1), text)
		numbers += 2
	}
	require.Len(t, frame.Fields, numbers, text)
	for i := range o.Facets {
		labels := []string{}
		for _, g := range groups {
			labels = append(labels, g.labels[i])
		}
		require.Equal(t, labels, fieldOf[string](frame, i), text)
	}
	for i, m := range o.measures() {
		var want []*float64
		for _, g := range groups {
			want = append(want, o.measure(m, g.items))
		}
		requireNumbers(t, want, fieldOf[*float64](frame, len(o.Facets)+i), text)
	}
}

// requireLatest wants the last event of each group that is of a user who counts, and one of those to whom it happened then.
func (o oracle) requireLatest(groups []oracleGroup, times []*time.Time, users []*string, text string) {
	require.Len(o.t, times, len(groups), text)
	for i, g := range groups {
		last, whose := int64(math.MinInt64), []string{}
		for _, item := range g.items {
			if item.user == nil || item.user.Anonymous && !o.IncludeAnonymous {
				continue
			}
			if item.event.TS > last {
				last, whose = item.event.TS, nil
			}
			if item.event.TS == last {
				whose = append(whose, item.user.ID)
			}
		}
		if len(whose) == 0 {
			require.Nil(o.t, times[i], text)
			require.Nil(o.t, users[i], text)
			continue
		}
		require.NotNil(o.t, times[i], text)
		require.Equal(o.t, last, times[i].UnixMilli(), text)
		require.Contains(o.t, whose, *users[i], text)
	}
}

func fieldOf[T any](frame *data.Frame, i int) []T {
	list := []T{}
	for at := range frame.Fields[i].Len() {
		list = append(list, frame.Fields[i].At(at).(T))
	}
	return list
}

func (o oracle) measures() []Measure {
	if len(o.Measures) == 0 {
		return []Measure{{Measure: "count"}}
	}
	return o.Measures
}

// requireLabelled compares fields with labels: time series, and single values.
func requireLabelled(t *rapid.T, o oracle, plan *plan, frame *data.Frame, groups []oracleGroup, items []item, text string) {
	series := o.Format == formatSeries
	fields := frame.Fields
	buckets := []int{0}
	if series && len(groups) > 0 {
		buckets = nil
		var times []time.Time
		for i, at := range plan.buckets {
			if o.Fill || hasBucket(groups, i) {
				buckets, times = append(buckets, i), append(times, at.UTC())
			}
		}
		require.Equal(t, len(times), fields[0].Len(), text)
		for i := range times {
			require.Equal(t, times[i], fields[0].At(i), text)
		}
		fields = fields[1:]
	}
	require.Len(t, fields, len(groups)*len(o.measures()), text)
	for at, g := range groups {
		for i, m := range o.measures() {
			field := fields[at*len(o.measures())+i]
			for facet, label := range g.labels {
				require.Equal(t, label, field.Labels[plan.facets[facet].ID], text)
			}
			var want []*float64
			for _, bucket := range buckets {
				want = append(want, o.point(m, plan, g, bucket))
			}
			requireNumbers(t, want, fieldOf[*float64](&data.Frame{Fields: []*data.Field{field}}, 0), text)
		}
	}
}

func hasBucket(groups []oracleGroup, bucket int) bool {
	for _, g := range groups {
		if len(inBucket(g.items, bucket)) > 0 {
			return true
		}
	}
	return false
}

func inBucket(items []item, bucket int) []item {
	var list []item
	for _, i := range items {
		if i.bucket == bucket {
			list = append(list, i)
		}
	}
	return list
}

// point of a series: a gap is 0 or null.
func (o oracle) point(m Measure, plan *plan, g oracleGroup, bucket int) *float64 {
	list := inBucket(g.items, bucket)
	if len(list) == 0 && o.Format == formatSeries && !o.Fill {
		return nil
	}
	return o.measure(m, list)
}

func requireNumbers(t *rapid.T, want, got []*float64, text string) {
	require.Len(t, got, len(want), text)
	for i := range want {
		if want[i] == nil || got[i] == nil {
			require.True(t, want[i] == nil && got[i] == nil, "%d: want %v, got %v\n%s", i, show(want[i]), show(got[i]), text)
			continue
		}
		require.LessOrEqual(t, math.Abs(*want[i]-*got[i]), 1e-9*math.Abs(*want[i]), "%d: want %v, got %v\n%s", i, *want[i], *got[i], text)
	}
}

func show(number *float64) any {
	if number == nil {
		return "none"
	}
	return *number
}
