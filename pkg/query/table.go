package query

import (
	"context"
	"fmt"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store"
)

// Column is a field of a table-like answer and what its values are in SQL.
type Column struct {
	ID, Name string
	Kind     Kind
	Unit     string // Grafana's name of it, such as ms
	Country  bool   // codes that are shown as names
	Links    []data.DataLink
}

// Kind is the type of a column's values in SQL.
type Kind int

// The kinds of columns.
const (
	Text     Kind = iota // text, may be null
	TextID               // integer: id of a text in the dictionary, may be null
	Whole                // bigint
	Fraction             // double precision, may be null
	Moment               // timestamptz, may be null
)

// ColumnOf shows an attribute as filter.Compiler.Value selects it.
func ColumnOf(a filter.Attribute) Column {
	c := Column{ID: a.ID, Name: a.Name, Country: a.IsCountry(), Kind: Text}
	switch {
	case a.Dictionary != "":
		c.Kind = TextID
	case a.IsCustom():
	case a.Type == filter.Time:
		c.Kind = Moment
	case a.Type == filter.Number:
		c.Kind = Whole
	case a.Type == filter.Duration:
		c.Kind, c.Unit = Fraction, "ms"
	}
	return c
}

// Table takes rows and makes a frame of them.
type Table struct {
	columns []Column
	series  []series
}

// series is where one column's values are scanned to and kept.
type series interface {
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

// NewTable has no rows yet.
func NewTable(columns []Column) *Table {
	t := &Table{columns: columns}
	for _, c := range columns {
		switch c.Kind {
		case Moment:
			t.series = append(t.series, &values[*time.Time]{all: []*time.Time{}})
		case Whole:
			t.series = append(t.series, &values[int64]{all: []int64{}})
		case Fraction:
			t.series = append(t.series, &values[*float64]{all: []*float64{}})
		case TextID:
			t.series = append(t.series, &values[*int32]{})
		default:
			t.series = append(t.series, &values[*string]{all: []*string{}})
		}
	}
	return t
}

// Targets are where the values of the next row go, by column, for Take.
func (t *Table) Targets() []any {
	targets := make([]any, len(t.series))
	for i, s := range t.series {
		targets[i] = s.target()
	}
	return targets
}

// Take keeps the row in the targets.
func (t *Table) Take() {
	for _, s := range t.series {
		s.take()
	}
}

// Beside is what is read of each row beside a table's columns.
type Beside interface {
	Targets() []any // of the next values, which stand behind the columns
	Take()          // keeps them
}

// Read takes up to limit rows of a statement and tells whether there are more; 0: no limit.
func (t *Table) Read(
	ctx context.Context, db store.Querier, statement store.Statement, limit int, beside ...Beside,
) (rows int, more bool, err error) {
	targets := t.Targets()
	for _, b := range beside {
		targets = append(targets, b.Targets()...)
	}
	err = statement.Each(ctx, db, targets, func() error {
		if limit > 0 && rows == limit {
			more = true
			return nil
		}
		rows++
		t.Take()
		for _, b := range beside {
			b.Take()
		}
		return nil
	})
	return rows, more, err
}

// Frame reads the texts that the rows refer to and returns one field per column, named by its id.
func (t *Table) Frame(ctx context.Context, db store.Querier, name string) (*data.Frame, error) {
	texts, err := t.texts(ctx, db)
	if err != nil {
		return nil, err
	}
	frame := data.NewFrame(name)
	for i, c := range t.columns {
		field := newField(c.ID, t.series[i], texts)
		field.Config = &data.FieldConfig{DisplayNameFromDS: c.Name, Unit: c.Unit, Links: c.Links}
		if c.Country {
			field.Config.Mappings = CountryMappings(field)
		}
		frame.Fields = append(frame.Fields, field)
	}
	return frame, nil
}

func newField(id string, s series, texts map[int32]*string) *data.Field {
	switch s := s.(type) {
	case *values[*time.Time]:
		return data.NewField(id, nil, s.all)
	case *values[int64]:
		return data.NewField(id, nil, s.all)
	case *values[*float64]:
		return data.NewField(id, nil, s.all)
	case *values[*string]:
		return data.NewField(id, nil, s.all)
	case *values[*int32]:
		list := make([]*string, len(s.all))
		for i, id := range s.all {
			if id != nil {
				list[i] = texts[*id]
			}
		}
		return data.NewField(id, nil, list)
	}
	panic(fmt.Sprintf("no field for %T", s))
}

// texts reads each text of the rows once. Joining them, with a join per column, takes the planner longer than the
// whole query.
func (t *Table) texts(ctx context.Context, db store.Querier) (map[int32]*string, error) {
	var ids []int32
	for _, s := range t.series {
		if list, ok := s.(*values[*int32]); ok {
			for _, id := range list.all {
				if id != nil {
					ids = append(ids, *id)
				}
			}
		}
	}
	return ReadTexts(ctx, db, ids)
}

const textsSQL = `select id, value from footfall.dictionary where id = any ($1)`

// ReadTexts reads texts of the dictionary by id.
func ReadTexts(ctx context.Context, db store.Querier, ids []int32) (map[int32]*string, error) {
	texts := map[int32]*string{}
	for _, id := range ids {
		texts[id] = nil
	}
	if len(texts) == 0 {
		return texts, nil
	}
	distinct := make([]int32, 0, len(texts))
	for id := range texts {
		distinct = append(distinct, id)
	}
	var id int32
	var value string
	statement := store.Statement{SQL: textsSQL, Args: []any{distinct}}
	return texts, statement.Each(ctx, db, []any{&id, &value}, func() error {
		own := value
		texts[id] = &own
		return nil
	})
}

// NoneText stands for a missing value.
const NoneText = "(none)"

// CountryMappings shows the codes of a field as names.
func CountryMappings(field *data.Field) data.ValueMappings {
	names := data.ValueMapper{}
	for i := range field.Len() {
		code, ok := field.ConcreteAt(i)
		if !ok {
			continue
		}
		if name := country.Name(code.(string)); name != "" {
			names[code.(string)] = data.ValueMappingResult{Text: name}
		}
	}
	if len(names) == 0 {
		return nil
	}
	return data.ValueMappings{names}
}

// TableMeta is the meta of an answer that is a table.
func TableMeta(executed ...store.Statement) *data.FrameMeta {
	return &data.FrameMeta{
		Type:                   data.FrameTypeTable,
		TypeVersion:            data.FrameTypeVersion{0, 1},
		ExecutedQueryString:    ExecutedText(executed...),
		PreferredVisualization: data.VisTypeTable,
	}
}

// ExecutedText shows statements as one text.
func ExecutedText(executed ...store.Statement) string { return store.ExecutedText(executed...) }
