// Package segments holds the questions about stored segments. Their members are listed as package users lists users.
package segments

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
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
		listField(list, "error", "Error", "", func(s segment.Segment) *string { return store.OrNull(s.Error) }),
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
