// Package segments holds the questions about stored segments. Their members are listed as package users lists users.
package segments

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/users"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Segments lists the stored segments by name, one row each.
type Segments struct{}

// NewSegments has no options.
func NewSegments() *Segments { return &Segments{} }

// Prepare has nothing to check.
func (q *Segments) Prepare(c query.Context) (query.Answer, error) {
	return func(ctx context.Context, db store.Querier) (data.Frames, error) {
		list, err := segment.List(ctx, db)
		if err != nil {
			return nil, err
		}
		more := c.MaxRows > 0 && len(list) > c.MaxRows
		if more {
			list = list[:c.MaxRows]
		}
		frame := segmentsFrame(list)
		if more {
			frame.AppendNotices(data.Notice{Text: fmt.Sprintf("Showing %d segments; there are more", len(list))})
		}
		return data.Frames{frame}, nil
	}, nil
}

// segmentsFrame has one field per column of the list.
func segmentsFrame(list []segment.Segment) *data.Frame {
	frame := data.NewFrame("segments",
		listField(list, "id", "ID", "", func(s segment.Segment) string { return s.ID }),
		listField(list, "name", "Segment", "", func(s segment.Segment) string { return s.Name }),
		listField(list, "kind", "Kind", "", func(s segment.Segment) string { return string(s.Kind) }),
		listField(list, "size", "Users", "", func(s segment.Segment) *int64 { return s.Size }),
		listField(list, "share", "Share", "percentunit", share),
		listField(list, "computed_at", "Computed", "", func(s segment.Segment) *time.Time { return s.ComputedAt }),
		listField(list, "next_at", "Next", "", func(s segment.Segment) *time.Time { return s.NextAt }),
		listField(list, "took_ms", "Took", "ms", func(s segment.Segment) *float64 { return s.TookMs }),
		listField(list, "error", "Error", "", func(s segment.Segment) *string { return orNil(s.Error) }),
		listField(list, "sentence", "Definition", "", func(s segment.Segment) string { return s.Sentence }),
		listField(list, "version", "Version", "", func(s segment.Segment) int64 { return int64(s.Version) }),
	)
	frame.Meta = query.TableMeta()
	return frame
}

func listField[T any](list []segment.Segment, id, name, unit string, value func(segment.Segment) T) *data.Field {
	values := make([]T, len(list))
	for i, s := range list {
		values[i] = value(s)
	}
	field := data.NewField(id, nil, values)
	field.Config = &data.FieldConfig{DisplayNameFromDS: name, Unit: unit}
	return field
}

// share is the part of all users that belongs to the segment; null before it is computed, and where there are no users.
func share(s segment.Segment) *float64 {
	if s.Size == nil || s.Universe == nil || *s.Universe == 0 {
		return nil
	}
	part := float64(*s.Size) / float64(*s.Universe)
	return &part
}

func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// SegmentMembers lists the members of a segment as Profiles does.
type SegmentMembers struct {
	Segment query.Members `json:"segment"` // an id or a definition
	Search  string        `json:"search"`
	Columns []string      `json:"columns"`
	Sort    query.Sort    `json:"sort"`
	Limit   int           `json:"limit"`
	Offset  int           `json:"offset"`
}

// NewSegmentMembers has the options' defaults: the hundred members seen last.
func NewSegmentMembers() *SegmentMembers { return &SegmentMembers{Limit: 100} }

// Prepare makes a question for profiles of it.
func (q *SegmentMembers) Prepare(c query.Context) (query.Answer, error) {
	if q.Segment.Definition == nil && q.Segment.ID == "" {
		return nil, query.Invalid("segment", "is missing; give the id of a segment, or a definition")
	}
	if strings.ContainsAny(q.Segment.ID, "[{,*") { // as a dashboard's variable with several values is written, or with All
		return nil, query.Invalid("segment", "takes one segment, not several (%s); choose one value of the variable, or ask for "+
			"profiles, whose includeSegments takes several", q.Segment.ID)
	}
	if _, err := q.Segment.Node(c, "segment"); err != nil { // which names the option
		return nil, err
	}
	profiles := users.Profiles{
		WhichUsers: users.WhichUsers{
			Selection: query.Selection{IncludeSegments: []query.Members{q.Segment}}, Search: q.Search,
			IncludeAnonymous: true, // where the segment has some
		},
		Columns: q.Columns, Sort: q.Sort, Limit: q.Limit, Offset: q.Offset, IncludeTotal: true,
	}
	return profiles.Prepare(c)
}

// SegmentSize is how the sizes of segments developed: a time series for each, one value per computation in the
// dashboard's range.
type SegmentSize struct {
	Segments []string `json:"segments"` // ids; none: all
}

// NewSegmentSize asks for all segments.
func NewSegmentSize() *SegmentSize { return &SegmentSize{} }

// Prepare checks the ids and the range.
func (q *SegmentSize) Prepare(c query.Context) (query.Answer, error) {
	if len(q.Segments) > query.MaxSegments {
		return nil, query.Invalid("segments", "has %d entries, more than %d", len(q.Segments), query.MaxSegments)
	}
	for i, id := range q.Segments {
		if _, known := c.Names.Segments[id]; !known {
			return nil, query.Invalid(fmt.Sprintf("segments[%d]", i), "names no segment: %q", id)
		}
	}
	if err := c.CheckRange(); err != nil {
		return nil, err
	}
	return func(ctx context.Context, db store.Querier) (data.Frames, error) { return q.answer(ctx, db, c) }, nil
}

const segmentSizesSQL = `
select s.id, s.name, z.computed_at, z.size
  from footfall.segment_sizes z
  join footfall.segments s on s.key = z.segment_key
 where z.computed_at >= $1 and z.computed_at < $2
   and (cardinality($3::text[]) = 0 or s.id = any ($3::text[]))
 order by s.id collate "C", z.computed_at`

func (q *SegmentSize) answer(ctx context.Context, db store.Querier, c query.Context) (data.Frames, error) {
	ids := append([]string{}, q.Segments...) // never null
	statement := store.Statement{SQL: segmentSizesSQL, Args: []any{c.From, c.To, ids}}
	var frames data.Frames
	var id, name string
	var at time.Time
	var size int64
	rows, last := 0, ""
	err := statement.Each(ctx, db, []any{&id, &name, &at, &size}, func() error {
		if rows++; c.MaxRows > 0 && rows > c.MaxRows {
			return nil
		}
		if id != last {
			frames = append(frames, sizeFrame(id, name))
			last = id
		}
		frames[len(frames)-1].AppendRow(at.UTC(), size)
		return nil
	})
	if err != nil {
		return nil, err
	}
	if frames == nil { // a series without values has its meaning in its type
		frames = data.Frames{data.NewFrame("")}
		frames[0].Meta = sizeMeta()
	}
	frames[0].Meta.ExecutedQueryString = query.ExecutedText(statement)
	if c.MaxRows > 0 && rows > c.MaxRows {
		frames[0].AppendNotices(data.Notice{
			Severity: data.NoticeSeverityWarning,
			Text:     fmt.Sprintf("Showing %d of %d sizes; choose a shorter range or fewer segments", c.MaxRows, rows),
		})
	}
	return frames, nil
}

func sizeMeta() *data.FrameMeta {
	return &data.FrameMeta{
		Type: data.FrameTypeTimeSeriesMulti, TypeVersion: data.FrameTypeVersion{0, 1}, PreferredVisualization: data.VisTypeGraph,
	}
}

// sizeFrame is an empty series of a segment.
func sizeFrame(id, name string) *data.Frame {
	value := data.NewField("users", data.Labels{"segment": id}, []int64{})
	// A size holds until the next one, and a single one would be invisible as a line.
	value.Config = &data.FieldConfig{
		DisplayNameFromDS: name,
		Custom:            map[string]any{"lineInterpolation": "stepAfter", "showPoints": "always"},
	}
	frame := data.NewFrame("", data.NewField("time", nil, []time.Time{}), value)
	frame.Meta = sizeMeta()
	return frame
}
