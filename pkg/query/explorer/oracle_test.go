package explorer

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// oracle answers an Explorer plainly from raw events.
type oracle struct {
	t *rapid.T
	query.Context
	*Explorer
	world history.World
}

// item is what is counted: an event, a session, or a user in a bucket with so many sessions.
type item struct {
	user     *history.User
	session  *history.Session
	event    *history.Event
	sessions int
	bucket   int
}

// oracleGroup is a combination of facets' values and its items.
type oracleGroup struct {
	labels []string
	items  []item
}

// items are those in range that match the filter; bucketOf a time in ms.
func (o oracle) items(bucketOf func(int64) int) []item {
	var list []item
	matches := o.matching(o.Filter)
	take := func(i item) {
		if matches(i) {
			list = append(list, i)
		}
	}
	switch o.Over {
	case overEvents:
		for _, e := range o.world.Events {
			if questions.InRange(o.Context, e.TS) {
				take(item{user: e.User, session: e.Session, event: e, bucket: bucketOf(e.TS)})
			}
		}
	case overSessions:
		for _, s := range o.world.Sessions {
			if questions.InRange(o.Context, s.Start()) {
				take(item{user: s.User, session: s, bucket: bucketOf(s.Start())})
			}
		}
	case overUsers:
		for _, u := range o.world.Users {
			starts := map[int]int{}
			for _, s := range u.Sessions {
				if questions.InRange(o.Context, s.Start()) {
					starts[bucketOf(s.Start())]++
				}
			}
			for bucket, n := range starts {
				if o.IncludeAnonymous || !u.Anonymous {
					take(item{user: u, sessions: n, bucket: bucket})
				}
			}
		}
	}
	return list
}

func (o oracle) matching(text string) func(item) bool {
	n, err := filter.Parse(text)
	require.NoError(o.t, err)
	m := questions.Matcher(o.Context)
	return func(i item) bool {
		switch o.Over {
		case overEvents:
			return m.Event(n, i.event)
		case overSessions:
			return m.Session(n, i.session)
		}
		return m.User(n, i.user)
	}
}

// groups are in the order of the answer; whole are the items of the range as one bucket.
func (o oracle) groups(whole, items []item, labels []string) []oracleGroup {
	if len(labels) == len(o.Facets) {
		return []oracleGroup{{labels, items}}
	}
	f := o.Facets[len(labels)]
	wholeBy, by := o.byValue(f, whole), o.byValue(f, items)
	first := Measure{Measure: "count"}
	if len(o.Measures) > 0 {
		first = o.Measures[0]
	}
	values, ranks := []string{}, map[string]*float64{}
	for value, list := range wholeBy {
		values, ranks[value] = append(values, value), o.measure(first, list)
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Or(-compareNumbers(ranks[a], ranks[b]), cmp.Compare(a, b)) })
	var list []oracleGroup
	limit := min(cmp.Or(int(f.Limit), 10), len(values))
	for _, value := range values[:limit] {
		label := cmp.Or(value, query.NoneText)
		list = append(list, o.groups(wholeBy[value], by[value], append(slices.Clone(labels), label))...)
	}
	if f.Other && limit < len(values) {
		var restWhole, rest []item
		for _, value := range values[limit:] {
			restWhole, rest = append(restWhole, wholeBy[value]...), append(rest, by[value]...)
		}
		list = append(list, o.groups(restWhole, rest, append(slices.Clone(labels), otherText))...)
	}
	return list
}

// compareNumbers has missing ones first.
func compareNumbers(a, b *float64) int {
	if a == nil || b == nil {
		return cmp.Compare(questions.Number(a != nil), questions.Number(b != nil))
	}
	return cmp.Compare(*a, *b)
}

// byValue has "" for those without a value, and items with several frustrations several times.
func (o oracle) byValue(f Facet, items []item) map[string][]item {
	by := map[string][]item{}
	for _, i := range items {
		values := o.texts(f.Attribute, i)
		if f.Attribute == "frustration" && i.event.Frustration != 0 {
			values = nil
			for name, bit := range event.FrustrationNames {
				if i.event.Frustration&bit != 0 {
					values = append(values, name)
				}
			}
		}
		for _, value := range values {
			by[value] = append(by[value], i)
		}
	}
	return by
}

// texts are what an item's values are shown as, "" for none.
func (o oracle) texts(id string, i item) []string {
	a, err := o.Names.Find(id)
	require.NoError(o.t, err)
	if !a.IsCustom() {
		return []string{textOf(o.value(id, i))}
	}
	var texts []string
	switch {
	case a.Level == filter.Event:
		texts = history.Texts(i.event.Custom(a.ID))
	case i.user != nil:
		texts = history.Texts(i.user.Custom(a.ID))
	}
	if texts == nil {
		texts = []string{""}
	}
	return texts
}

func textOf(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64)
	case time.Time:
		return value.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return ""
}

// value of an attribute other than frustration.
func (o oracle) value(id string, i item) any {
	if id == "time_on_page" {
		return onPage(i.event)
	}
	a, err := o.Names.Find(id)
	require.NoError(o.t, err)
	switch {
	case a.Level == filter.Profile && i.user != nil:
		return i.user.Value(a.ID)
	case a.Level == filter.Session && i.session != nil:
		return i.session.Value(a.ID)
	case a.Level == filter.Event && id != "frustration":
		return i.event.Value(a.ID)
	}
	return nil
}

func onPage(e *history.Event) any {
	if e.Session == nil || e.Type != event.View {
		return nil
	}
	after := e.Session.Events[slices.Index(e.Session.Events, e)+1:]
	next := slices.IndexFunc(after, func(e *history.Event) bool { return e.Type == event.View })
	if next < 0 {
		return nil
	}
	return float64(after[next].TS - e.TS)
}

// measure of items; nil where there is none.
func (o oracle) measure(m Measure, items []item) *float64 {
	if m.Ratio != nil {
		of, to := o.measure(m.Ratio.Of, items), o.measure(m.Ratio.To, items)
		if of == nil || to == nil || *to == 0 {
			return nil
		}
		ratio := *of / *to
		return &ratio
	}
	matches := o.matching(m.Filter)
	var list []item
	for _, i := range items {
		if matches(i) {
			list = append(list, i)
		}
	}
	if slices.Contains(counts, m.Measure) {
		n := float64(o.count(m.Measure, list))
		return &n
	}
	var values []float64
	for _, i := range list {
		switch value := o.value(m.Attribute, i).(type) {
		case float64:
			values = append(values, value)
		case string:
			if n := history.Number(value); n != nil {
				number, _ := n.Float64()
				values = append(values, number)
			}
		}
	}
	if len(values) == 0 {
		return nil
	}
	n := aggregateOf(m.Measure, values)
	return &n
}

func (o oracle) count(what MeasureName, items []item) int {
	users, sessions, started := map[*history.User]bool{}, map[*history.Session]bool{}, 0
	for _, i := range items {
		if i.user != nil && (o.IncludeAnonymous || !i.user.Anonymous) {
			users[i.user] = true
		}
		if i.session != nil {
			sessions[i.session] = true
		}
		started += i.sessions
	}
	switch {
	case what == countUsers, o.Over == overUsers && what == countRows:
		return len(users)
	case o.Over == overUsers:
		return started
	case what == "sessions":
		return len(sessions)
	}
	return len(items)
}

func aggregateOf(function MeasureName, values []float64) float64 {
	sort.Float64s(values)
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	switch function {
	case "sum":
		return sum
	case "avg":
		return sum / float64(len(values))
	case "min":
		return values[0]
	case "max":
		return values[len(values)-1]
	}
	part := map[MeasureName]float64{"median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}[function]
	at := part * float64(len(values)-1)
	below := int(at)
	if below+1 == len(values) {
		return values[below]
	}
	return values[below] + (at-float64(below))*(values[below+1]-values[below])
}
