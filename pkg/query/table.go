package query

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// table takes rows of attributes and makes a frame of them.
type table struct {
	attributes []Attribute
	columns    []column
}

// column is where one attribute's values are scanned to and kept.
type column interface {
	target() any // of the next value
	take()       // keeps the value scanned last
}

// values keeps values as they come.
type values[T any] struct {
	next T
	all  []T
}

func (v *values[T]) target() any { return &v.next }
func (v *values[T]) take()       { v.all = append(v.all, v.next) }

func newTable(attributes []Attribute) *table {
	t := &table{attributes: attributes}
	for _, a := range attributes {
		switch {
		case a.Type == Time:
			t.columns = append(t.columns, &values[time.Time]{all: []time.Time{}})
		case a.Type == Number:
			t.columns = append(t.columns, &values[int64]{all: []int64{}})
		case a.dictionary != "":
			t.columns = append(t.columns, &values[*int32]{})
		default:
			t.columns = append(t.columns, &values[*string]{all: []*string{}})
		}
	}
	return t
}

func (t *table) targets() []any {
	targets := make([]any, len(t.columns))
	for i, c := range t.columns {
		targets[i] = c.target()
	}
	return targets
}

func (t *table) take() {
	for _, c := range t.columns {
		c.take()
	}
}

// frame reads the texts that the rows refer to and returns one field per attribute, named by its id.
func (t *table) frame(ctx context.Context, db store.Querier, name string) (*data.Frame, error) {
	texts, err := t.texts(ctx, db)
	if err != nil {
		return nil, err
	}
	frame := data.NewFrame(name)
	for i, a := range t.attributes {
		field := newField(a, t.columns[i], texts)
		field.Config = &data.FieldConfig{DisplayNameFromDS: a.Name}
		if a.isCountry() {
			field.Config.Mappings = countryMappings(field)
		}
		frame.Fields = append(frame.Fields, field)
	}
	return frame, nil
}

func newField(a Attribute, c column, texts map[int32]*string) *data.Field {
	switch c := c.(type) {
	case *values[time.Time]:
		return data.NewField(a.ID, nil, c.all)
	case *values[int64]:
		return data.NewField(a.ID, nil, c.all)
	case *values[*string]:
		return data.NewField(a.ID, nil, c.all)
	case *values[*int32]:
		list := make([]*string, len(c.all))
		for i, id := range c.all {
			if id != nil {
				list[i] = texts[*id]
			}
		}
		return data.NewField(a.ID, nil, list)
	}
	panic(fmt.Sprintf("no field for %T", c))
}

const textsSQL = `select id, value from footfall.dictionary where id = any ($1)`

// texts reads each text of the rows once. Joining them, with a join per column, takes the planner longer than the
// whole query.
func (t *table) texts(ctx context.Context, db store.Querier) (map[int32]*string, error) {
	texts := map[int32]*string{}
	for _, c := range t.columns {
		if ids, ok := c.(*values[*int32]); ok {
			for _, id := range ids.all {
				if id != nil {
					texts[*id] = nil
				}
			}
		}
	}
	if len(texts) == 0 {
		return texts, nil
	}
	ids := make([]int32, 0, len(texts))
	for id := range texts {
		ids = append(ids, id)
	}
	var id int32
	var text string
	statement := Statement{SQL: textsSQL, Args: []any{ids}}
	return texts, statement.each(ctx, db, []any{&id, &text}, func() error {
		value := text
		texts[id] = &value
		return nil
	})
}
