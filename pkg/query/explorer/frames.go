package explorer

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// result is what the statement found.
type result struct {
	groups  []line
	all     int     // of which groups are the first
	present []bool  // by bucket
	values  []int64 // of each facet, the most within any group of the facets before
}

// line is one combination of the facets' values.
type line struct {
	labels []string
	points [][]*float64 // by measure and bucket; one point where there are no buckets
	latest *latest      // nil where it is not asked for, or there is none
}

func (plan *plan) read(ctx context.Context, db store.Querier) (*result, []store.Statement, error) {
	return plan.readBy(ctx, db, plan.statement)
}

// readBy runs a statement; its rows come group by group.
func (plan *plan) readBy(ctx context.Context, db store.Querier, statement store.Statement) (*result, []store.Statement, error) {
	points := max(1, len(plan.buckets))
	result := &result{present: make([]bool, points), values: make([]int64, len(plan.facets))}
	if len(plan.facets) == 0 {
		result.add(plan, nil)
	}
	bucket := int32(1)
	places, labels := make([]int64, len(plan.facets)), make([]*string, len(plan.facets))
	numbers, values := make([]*int64, len(plan.facets)), make([]*float64, len(plan.measures))
	var targets []any
	if plan.buckets != nil {
		targets = append(targets, &bucket)
	}
	for i := range plan.facets {
		targets = append(targets, &places[i], &labels[i], &numbers[i])
	}
	for i := range values {
		targets = append(targets, &values[i])
	}
	var at *time.Time
	var user *int32
	if plan.latest {
		targets = append(targets, &at, &user)
	}
	last := make([]int64, len(plan.facets)) // places begin with 1
	return result, []store.Statement{statement}, statement.Each(ctx, db, targets, func() error {
		result.present[bucket-1] = true
		if !equal(last, places) {
			copy(last, places)
			result.add(plan, groupLabels(labels))
		}
		for i, number := range numbers {
			if number != nil {
				result.values[i] = max(result.values[i], *number)
			}
		}
		if result.all <= len(result.groups) {
			for i, value := range values {
				result.groups[len(result.groups)-1].points[i][bucket-1] = value
			}
			if at != nil {
				result.groups[len(result.groups)-1].latest = &latest{at: at.UTC(), key: *user}
			}
		}
		return nil
	})
}

func equal(a, b []int64) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// groupLabels are null for (other).
func groupLabels(found []*string) []string {
	labels := make([]string, len(found))
	for i, label := range found {
		switch {
		case label == nil:
			labels[i] = otherText
		case *label == "":
			labels[i] = query.NoneText
		default:
			labels[i] = *label
		}
	}
	return labels
}

// add begins a group, unless there are as many as may be shown.
func (r *result) add(plan *plan, labels []string) {
	r.all++
	if len(r.groups) >= plan.limit {
		return
	}
	g := line{labels: labels, points: make([][]*float64, len(plan.measures))}
	zero := 0.0
	for i, m := range plan.measures {
		g.points[i] = make([]*float64, len(r.present))
		for at := range g.points[i] {
			if m.isCount && plan.fill && plan.format == formatSeries {
				g.points[i][at] = &zero
			}
		}
	}
	r.groups = append(r.groups, g)
}

// notices tell what is left out.
func (r *result) notices(plan *plan) []string {
	print := message.NewPrinter(language.English).Sprintf
	var texts []string
	for i, f := range plan.facets {
		switch {
		case f.other || r.values[i] <= int64(f.limit):
		case i == 0:
			texts = append(texts, print("%s: showing the first %d of %d values", f.Name, f.limit, r.values[i]))
		default:
			texts = append(texts, print("%s: showing the first %d values of each group, which have up to %d", f.Name, f.limit, r.values[i]))
		}
	}
	if r.all > len(r.groups) {
		texts = append(texts, print("Showing the first %d of %d groups", len(r.groups), r.all))
	}
	return texts
}

// frame is a wide time series, numbers in a row, or a table whose texts tell its numbers apart.
func (plan *plan) frame(r *result) *data.Frame {
	frame := data.NewFrame("explorer")
	switch plan.format {
	case formatSeries:
		frame.Meta = seriesMeta(plan.to)
		if len(r.groups) > 0 {
			frame.Fields = append([]*data.Field{plan.times(r)}, plan.labelled(r)...)
		}
	case formatValue:
		frame.Meta = meta(data.FrameTypeNumericWide, data.VisTypeTable)
		frame.Fields = plan.labelled(r)
	default:
		frame.Meta = meta(data.FrameTypeNumericLong, data.VisTypeTable)
		frame.Fields = append(plan.facetFields(r), plan.measureFields(r)...)
		if plan.latest {
			frame.Fields = append(frame.Fields, r.latestFields()...)
		}
	}
	return frame
}

// seriesMeta says where the last point's time ends, in milliseconds since 1970.
func seriesMeta(to time.Time) *data.FrameMeta {
	made := meta(data.FrameTypeTimeSeriesWide, data.VisTypeGraph)
	made.Custom = map[string]int64{"to": to.UnixMilli()}
	return made
}

func meta(of data.FrameType, shown data.VisType) *data.FrameMeta {
	return &data.FrameMeta{Type: of, TypeVersion: data.FrameTypeVersion{0, 1}, PreferredVisualization: shown}
}

// isShown tells whether a point in time is part of the answer.
func (plan *plan) isShown(r *result, bucket int) bool {
	return plan.format != formatSeries || plan.fill || r.present[bucket]
}

func (plan *plan) times(r *result) *data.Field {
	times := []time.Time{}
	for i, at := range plan.buckets {
		if plan.isShown(r, i) {
			times = append(times, at.UTC())
		}
	}
	return data.NewField("time", nil, times)
}

// labelled has a field for each group and measure.
func (plan *plan) labelled(r *result) []*data.Field {
	var fields []*data.Field
	for _, g := range r.groups {
		for i, m := range plan.measures {
			labels := plan.labels(g, m)
			points := []*float64{}
			for at, point := range g.points[i] {
				if plan.isShown(r, at) {
					points = append(points, point)
				}
			}
			field := data.NewField(m.name, labels, points)
			field.Config = &data.FieldConfig{DisplayNameFromDS: plan.displayName(g, m), Unit: m.unit, Links: labelLinks(labels)}
			fields = append(fields, field)
		}
	}
	return fields
}

// labels tell the fields of an answer apart, also for expressions, which do not look at names.
func (plan *plan) labels(g line, m measure) data.Labels {
	if len(plan.facets) == 0 && len(plan.measures) == 1 {
		return nil
	}
	labels := data.Labels{}
	for i, f := range plan.facets {
		labels[f.ID] = g.labels[i]
	}
	if len(plan.measures) > 1 {
		labels[measureLabel] = m.name
	}
	return labels
}

// measureLabel is no attribute's id.
const measureLabel = "measure"

// labelLinks lead to the user that a group is of.
func labelLinks(labels data.Labels) []data.DataLink {
	switch labels["user_id"] {
	case "", query.NoneText, otherText:
		return nil
	}
	return query.UserLink("__field.labels.user_id")
}

// displayName is short: the measure where there is one group, the group where there is one measure.
func (plan *plan) displayName(g line, m measure) string {
	if len(g.labels) == 0 {
		return m.name
	}
	names := make([]string, len(g.labels))
	for i, label := range g.labels {
		names[i] = label
		if name := country.Name(label); name != "" && plan.facets[i].IsCountry() {
			names[i] = name
		}
	}
	text := strings.Join(names, ", ")
	if len(plan.measures) > 1 {
		text += ": " + m.name
	}
	return text
}

func (plan *plan) facetFields(r *result) []*data.Field {
	fields := make([]*data.Field, len(plan.facets))
	for i, f := range plan.facets {
		values := make([]string, len(r.groups))
		for at, g := range r.groups {
			values[at] = g.labels[i]
		}
		fields[i] = data.NewField(f.ID, nil, values)
		fields[i].Config = &data.FieldConfig{DisplayNameFromDS: f.Name, Links: plan.facetLinks(f)}
		if f.IsCountry() {
			fields[i].Config.Mappings = query.CountryMappings(fields[i])
		}
	}
	return fields
}

func (plan *plan) facetLinks(f facet) []data.DataLink {
	return query.AttributeLinks(f.ID, slices.ContainsFunc(plan.facets, func(f facet) bool { return f.ID == "user_id" }))
}

func (plan *plan) measureFields(r *result) []*data.Field {
	fields := make([]*data.Field, len(plan.measures))
	for i, m := range plan.measures {
		values := make([]*float64, len(r.groups))
		for at, g := range r.groups {
			values[at] = g.points[i][0]
		}
		fields[i] = data.NewField(m.name, nil, values)
		fields[i].Config = &data.FieldConfig{DisplayNameFromDS: m.name, Unit: m.unit}
	}
	return fields
}
