package explorer

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
)

// measure is a prepared Measure.
type measure struct {
	name    string // unique among the answer's
	unit    string
	isCount bool // 0 where there is nothing
	amount  amount
	divisor *amount // of ratios
}

// amount is a number of a group of rows.
type amount struct {
	function  MeasureName
	condition int    // index of the filter that its rows match
	value     int    // index of the value that functions take
	attribute string // whose value that is
	track     int    // of counting
}

// MeasureName is what a measure counts, or the function that it takes of an attribute.
type MeasureName string

const (
	countRows     MeasureName = "count"
	countUsers    MeasureName = "users"
	countSessions MeasureName = "sessions"

	functionSum    MeasureName = "sum"
	functionAvg    MeasureName = "avg"
	functionMin    MeasureName = "min"
	functionMax    MeasureName = "max"
	functionMedian MeasureName = "median"
	functionP75    MeasureName = "p75"
	functionP90    MeasureName = "p90"
	functionP95    MeasureName = "p95"
	functionP99    MeasureName = "p99"
)

// functions take the values of an attribute, %[1]s, of rows that match, %[2]s.
var functions = map[MeasureName]string{
	functionSum:    "sum(%[1]s) filter (where %[2]s)",
	functionAvg:    "avg(%[1]s) filter (where %[2]s)",
	functionMin:    "min(%[1]s) filter (where %[2]s)",
	functionMax:    "max(%[1]s) filter (where %[2]s)",
	functionMedian: "percentile_cont(0.5) within group (order by %[1]s) filter (where %[2]s)",
	functionP75:    "percentile_cont(0.75) within group (order by %[1]s) filter (where %[2]s)",
	functionP90:    "percentile_cont(0.9) within group (order by %[1]s) filter (where %[2]s)",
	functionP95:    "percentile_cont(0.95) within group (order by %[1]s) filter (where %[2]s)",
	functionP99:    "percentile_cont(0.99) within group (order by %[1]s) filter (where %[2]s)",
}

var counts = []MeasureName{countRows, countUsers, countSessions}

var functionNames = map[MeasureName]string{
	functionSum: "Sum", functionAvg: "Average", functionMin: "Minimum", functionMax: "Maximum", functionMedian: "Median",
	functionP75: "p75", functionP90: "p90", functionP95: "p95", functionP99: "p99",
}

// timeOnPage is the time from a view to its session's next one, which the last one lacks. Only measures know it.
var timeOnPage = filter.Attribute{ID: "time_on_page", Name: "Time on page", Level: filter.Event, Type: filter.Duration}

// prepare compiles the measures' filters and values into b.
func (b *build) prepare() ([]measure, error) {
	asked := b.Measures
	if len(asked) == 0 {
		asked = []Measure{{Measure: countRows}}
	}
	list := make([]measure, len(asked))
	for i, m := range asked {
		var err error
		if list[i], err = b.measure(m, fmt.Sprintf("measures[%d]", i)); err != nil {
			return nil, err
		}
		list[i].name = unique(list[i].name, list[:i])
	}
	return list, nil
}

func unique(name string, before []measure) string {
	own := name
	for n := 2; slices.ContainsFunc(before, func(m measure) bool { return m.name == own }); n++ {
		own = fmt.Sprintf("%s %d", name, n)
	}
	return own
}

// spelled reads a measure that is given as one text, which is how a variable chooses one: "users", "p95 duration",
// "users / sessions". Its filter is that of both parts of a ratio.
func (m Measure) spelled() Measure {
	of, to, isRatio := strings.Cut(string(m.Measure), " / ")
	if isRatio && m.Ratio == nil && m.Attribute == "" {
		part := func(text string) Measure {
			return Measure{Measure: MeasureName(strings.TrimSpace(text)), Filter: m.Filter}
		}
		return Measure{Name: m.Name, Ratio: &Ratio{Of: part(of), To: part(to)}}
	}
	if function, attribute, found := strings.Cut(string(m.Measure), " "); found && m.Attribute == "" {
		m.Measure, m.Attribute = MeasureName(function), strings.TrimSpace(attribute)
	}
	return m
}

func (b *build) measure(m Measure, field string) (measure, error) {
	m = m.spelled()
	if len(m.Name) > maxMeasureName {
		return measure{}, query.Invalid(field+".name", "is longer than %d bytes", maxMeasureName)
	}
	if m.Ratio == nil {
		one, err := b.simple(m, field)
		if m.Name != "" {
			one.name = m.Name
		}
		return one, err
	}
	if m.Measure != "" || m.Attribute != "" || m.Filter != "" {
		return measure{}, query.Invalid(field, "is a ratio; measure, attribute and filter belong into its two parts")
	}
	ratio := Ratio{m.Ratio.Of.spelled(), m.Ratio.To.spelled()}
	if ratio.Of.Ratio != nil || ratio.To.Ratio != nil {
		return measure{}, query.Invalid(field+".ratio", "is one of a ratio; it takes two plain measures")
	}
	of, err := b.simple(ratio.Of, field+".ratio.of")
	if err != nil {
		return measure{}, err
	}
	to, err := b.simple(ratio.To, field+".ratio.to")
	if m.Name == "" {
		m.Name = of.name + " / " + to.name
	}
	return measure{name: m.Name, amount: of.amount, divisor: &to.amount}, err
}

// simple is a measure that is no ratio.
func (b *build) simple(m Measure, field string) (measure, error) {
	condition, err := b.condition(m.Filter, field+".filter")
	if err != nil {
		return measure{}, err
	}
	made := measure{amount: amount{function: m.Measure, condition: condition}}
	if slices.Contains(counts, m.Measure) {
		if m.Attribute != "" {
			return measure{}, query.Invalid(field+".attribute", "is %q, but %s takes none", m.Attribute, m.Measure)
		}
		made.isCount, made.name = true, string(m.Measure)
		if m.Measure == countRows {
			made.name = string(b.Over)
		}
		made.name = strings.ToUpper(made.name[:1]) + made.name[1:]
		return made, nil
	}
	if functions[m.Measure] == "" {
		return measure{}, query.Invalid(field+".measure",
			"is %q; it must be count, users, sessions, sum, avg, min, max, median, p75, p90, p95 or p99", m.Measure)
	}
	a, err := b.measured(m.Attribute, field+".attribute")
	if err != nil {
		return measure{}, err
	}
	made.name, made.unit = functionNames[m.Measure]+" of "+a.InSentence(), query.ColumnOf(a).Unit
	made.amount.value, made.amount.attribute = b.value(a), a.ID
	return made, nil
}

// measured finds an attribute that functions take.
func (b *build) measured(id, field string) (filter.Attribute, error) {
	if id == timeOnPage.ID && b.Over == overEvents {
		return timeOnPage, nil
	}
	a, err := b.find(b.Context, id, field)
	if err != nil {
		return a, err
	}
	if !a.IsCustom() && a.Type != filter.Number && a.Type != filter.Duration {
		return a, query.Invalid(field, "is %q, a %s; it must be a number or a duration", id, a.Type)
	}
	return a, nil
}

// condition compiles a measure's filter and returns its index; 0 is the one that everything matches.
func (b *build) condition(text, field string) (int, error) {
	n, err := filter.Parse(text)
	if err != nil {
		return 0, query.InvalidFilter("options."+field, err)
	}
	sql, err := b.matching(n)
	if err != nil {
		return 0, query.InvalidFilter("options."+field, err)
	}
	b.eventFree = b.eventFree && b.compiler.IsEventFree(n)
	i := indexOf(&b.conditions, sql)
	if i == len(b.conditionNodes) {
		b.conditionNodes = append(b.conditionNodes, n)
	}
	return i, nil
}

func indexOf(list *[]string, text string) int {
	if i := slices.Index(*list, text); i >= 0 {
		return i
	}
	*list = append(*list, text)
	return len(*list) - 1
}

// value adds a value that functions take and returns its index.
func (b *build) value(a filter.Attribute) int {
	sql := timeOnPageValue
	if a.ID == timeOnPage.ID {
		b.timeOnPage = true
	} else {
		sql = b.compiler.Number(a)
	}
	i := indexOf(&b.values, sql)
	if i == len(b.valueAttributes) {
		b.valueAttributes = append(b.valueAttributes, a)
	}
	return i
}
