package segments

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store"
)

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
