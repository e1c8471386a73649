package query

import (
	"context"
	"math"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// topArrays counts as topPages and topActions do, where what is asked is as simple: one facet that the token tells, no time
// series, and measures of all events. That is many times faster than putting events together by page, user and session
// in PostgreSQL. nil where it cannot.
func (b *explorerBuild) topArrays(measures []measure) (*topArrays, error) {
	if b.Over != overEvents || b.buckets != nil || len(b.facets) != 1 || b.compiler.Needs.Events {
		return nil, nil
	}
	f := b.facets[0]
	if !f.IsToken() || f.Dictionary == "" || f.other {
		return nil, nil
	}
	if slices.ContainsFunc(measures, measure.isFiltered) || slices.ContainsFunc(b.Measures, Measure.isOfAttribute) {
		return nil, nil
	}
	if _, _, rest := b.compiler.Parts(b.selected); rest != nil {
		return nil, nil
	}
	top := &Top{Selection: b.Selection, IncludeAnonymous: b.IncludeAnonymous, what: topKind{
		token:    "coalesce(" + f.TokenValue() + ", 0)",
		untimed:  !slices.ContainsFunc(b.Measures, Measure.isTimeOnPage),
		userless: !slices.ContainsFunc(b.Measures, Measure.isOfUsers),
	}}
	return top.arrays(b.Context, b.selected)
}

func (m measure) isFiltered() bool {
	return slices.ContainsFunc(m.amounts(), func(a amount) bool { return a.condition != 0 })
}

func (m Measure) parts() []Measure {
	if m.Ratio != nil {
		return []Measure{m.Ratio.Of, m.Ratio.To}
	}
	return []Measure{m}
}

func (m Measure) isTimeOnPage() bool {
	return slices.ContainsFunc(m.parts(), func(m Measure) bool { return m.Attribute == timeOnPage.ID })
}

func (m Measure) isOfUsers() bool {
	return slices.ContainsFunc(m.parts(), func(m Measure) bool { return m.Measure == countUsers })
}

func (m Measure) isOfAttribute() bool {
	return slices.ContainsFunc(m.parts(), func(m Measure) bool { return m.Attribute != "" && m.Attribute != timeOnPage.ID })
}

// readArrays is read by way of sessions' arrays.
func (plan *explorerPlan) readArrays(ctx context.Context, db store.Querier) (*explorerResult, error) {
	counts, err := plan.arrays.count(ctx, db)
	if err != nil {
		return nil, err
	}
	rank := func(c *topCount) float64 {
		if value := c.measured(plan.measures[0]); value != nil {
			return *value
		}
		return math.Inf(-1) // null comes last
	}
	first, texts, err := firstCounts(ctx, db, counts, plan.facets[0].limit, rank)
	if err != nil {
		return nil, err
	}
	result := &explorerResult{present: []bool{true}, values: []int64{int64(len(counts))}}
	for _, c := range first {
		label := nameIn(texts[c.name])
		result.add(plan, groupLabels([]*string{&label}))
		if result.all > len(result.groups) {
			continue
		}
		for i, m := range plan.measures {
			result.groups[len(result.groups)-1].points[i][0] = c.measured(m)
		}
	}
	return result, nil
}

// measured is a measure of what was counted; nil where there is none.
func (c *topCount) measured(m measure) *float64 {
	value := c.amount(m.amount.function)
	if m.divisor == nil || value == nil {
		return value
	}
	divisor := c.amount(m.divisor.function)
	if divisor == nil || *divisor == 0 {
		return nil
	}
	ratio := *value / *divisor
	return &ratio
}

var percentiles = map[MeasureName]float64{
	functionMedian: 0.5, functionP75: 0.75, functionP90: 0.9, functionP95: 0.95, functionP99: 0.99,
}

func (c *topCount) amount(function MeasureName) *float64 {
	switch function {
	case countRows:
		return float(c.events)
	case countUsers:
		return float(c.users)
	case countSessions:
		return float(c.sessions)
	case functionSum:
		return c.times.sum()
	case functionAvg:
		sum := c.times.sum()
		if sum != nil {
			*sum /= float64(c.times.len())
		}
		return sum
	case functionMin:
		return c.times.percentile(0)
	case functionMax:
		return c.times.percentile(1)
	}
	return c.times.percentile(percentiles[function])
}

func float(n int64) *float64 {
	value := float64(n)
	return &value
}
