package engine

import (
	"fmt"
	"slices"
	"strings"

	sdk "github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/bench/question"
)

// rowsOf makes of frames the rows that the SQL gives.
func rowsOf(frames sdk.Frames, q question.Question) ([][]any, error) {
	var rows [][]any
	for _, frame := range frames {
		if q.Frame != "" && q.Frame != frame.Name {
			continue
		}
		found, err := rowsOfFrame(frame, q.Columns)
		if err != nil {
			return nil, err
		}
		if q.Total {
			custom, _ := frame.Meta.Custom.(map[string]any)
			for i := range found {
				found[i] = append(found[i], custom["total"])
			}
		}
		rows = append(rows, found...)
	}
	return rows, nil
}

func rowsOfFrame(frame *sdk.Frame, columns []string) ([][]any, error) {
	if frame.Meta != nil && frame.Meta.Type == sdk.FrameTypeTimeSeriesWide {
		return rowsOfSeries(frame, columns), nil
	}
	fields := make([]*sdk.Field, len(columns))
	for i, column := range columns {
		field, at := frame.FieldByName(column)
		if at < 0 && column != frameColumn {
			return nil, fmt.Errorf("frame %s has no field %q, it has %s", frame.Name, column, fieldNames(frame))
		}
		fields[i] = field
	}
	rows := make([][]any, frame.Rows())
	for at := range rows {
		rows[at] = make([]any, len(fields))
		for i, field := range fields {
			rows[at][i] = frame.Name
			if field != nil {
				rows[at][i], _ = concrete(field, at)
			}
		}
	}
	return rows, nil
}

func fieldNames(frame *sdk.Frame) string {
	names := make([]string, len(frame.Fields))
	for i, field := range frame.Fields {
		names[i] = field.Name
	}
	return strings.Join(names, ", ")
}

// frameColumn stands for the frame's name.
const frameColumn = "frame"

// rowsOfSeries makes a row of each time and each combination of facets that has something: time, facets, measures.
func rowsOfSeries(frame *sdk.Frame, columns []string) [][]any {
	facets := columns[1:]
	type group struct {
		labels   []any
		measures []*sdk.Field
	}
	var groups []group
	for _, field := range frame.Fields[min(1, len(frame.Fields)):] {
		labels := make([]any, len(facets))
		for i, facet := range facets {
			labels[i] = field.Labels[facet]
		}
		if n := len(groups); n == 0 || !slices.Equal(groups[n-1].labels, labels) {
			groups = append(groups, group{labels: labels})
		}
		last := &groups[len(groups)-1]
		last.measures = append(last.measures, field)
	}
	var rows [][]any
	for at := range frame.Rows() {
		for _, g := range groups {
			row, some := append([]any{frame.Fields[0].At(at)}, g.labels...), false
			for _, field := range g.measures {
				value, found := concrete(field, at)
				some = some || found && value != 0.0
				row = append(row, value)
			}
			if some {
				rows = append(rows, row)
			}
		}
	}
	return rows
}

// concrete is a value, nil for null.
func concrete(field *sdk.Field, at int) (value any, found bool) {
	if value, found = field.ConcreteAt(at); !found {
		return nil, false
	}
	return value, true
}
