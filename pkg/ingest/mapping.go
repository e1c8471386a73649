package ingest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Mapping says which column of the source gives which field. Names are columns of a CSV file or, in NDJSON, keys;
// keys of nested objects are joined by dots. A column that is named like a field gives that field by itself, any other
// becomes an attribute of its own name.
type Mapping struct {
	Columns   map[string]string // field or attribute -> column
	Constants map[string]string // field or attribute -> value, for every row
	Skip      []string          // columns to leave out
	Strict    bool              // refuse columns that would become attributes of their own name
}

// ParseMapping reads the command line's spelling: columns as "field=column", constants as "field=value".
func ParseMapping(columns, constants, skip []string, strict bool) (Mapping, error) {
	m := Mapping{Columns: map[string]string{}, Constants: map[string]string{}, Skip: skip, Strict: strict}
	for _, pair := range columns {
		field, column, ok := strings.Cut(pair, "=")
		if !ok || field == "" || column == "" {
			return m, fmt.Errorf("--map %s: write field=column, for example --map ts=timestamp", pair)
		}
		if before, twice := m.Columns[field]; twice {
			return m, fmt.Errorf("--map: field %s is mapped twice, from %q and %q", field, before, column)
		}
		m.Columns[field] = column
	}
	for _, pair := range constants {
		field, value, ok := strings.Cut(pair, "=")
		if !ok || field == "" || value == "" {
			return m, fmt.Errorf("--set %s: write field=value, for example --set type=view", pair)
		}
		if _, twice := m.Constants[field]; twice {
			return m, fmt.Errorf("--set: field %s is set twice", field)
		}
		if column, twice := m.Columns[field]; twice {
			return m, fmt.Errorf("field %s is both mapped from column %q (--map) and set to a constant (--set)", field, column)
		}
		if reason := csvfile.Unreadable(value); reason != "" {
			return m, fmt.Errorf("--set %s: the value %s", field, reason)
		}
		m.Constants[field] = value
	}
	return m, nil
}

// target is where a column's value goes: a field of the event, or an attribute.
type target struct {
	name  string
	field *event.Field // nil: an attribute
}

var fieldTargets = func() map[string]target {
	targets := map[string]target{}
	for i := range event.Fields {
		field := &event.Fields[i]
		targets[field.Name] = target{name: field.Name, field: field}
	}
	return targets
}()

func targetOf(name string) target {
	if to, ok := fieldTargets[name]; ok {
		return to
	}
	return target{name: name}
}

// plan is a mapping made ready: for each column, where its values go.
type plan struct {
	targets   map[string][]target // of mapped and skipped columns; skipped ones have none
	constants map[target]string
	given     map[target]string // mapped and constant targets -> who gives them, for messages
	strict    bool
}

func (m Mapping) plan() plan {
	p := plan{targets: map[string][]target{}, constants: map[target]string{}, given: map[target]string{}, strict: m.Strict}
	for _, column := range m.Skip {
		p.targets[column] = nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		column, to := m.Columns[name], targetOf(name)
		p.targets[column] = append(p.targets[column], to)
		p.given[to] = fmt.Sprintf("mapped from column %q", column)
	}
	for name, value := range m.Constants {
		to := targetOf(name)
		p.constants[to] = value
		p.given[to] = "set to a constant"
	}
	return p
}

// of returns where the values of a column go. It fails where a field would be given twice, and on columns unknown to
// a strict mapping.
func (p plan) of(column string) ([]target, error) {
	if targets, ok := p.targets[column]; ok {
		return targets, nil
	}
	to := targetOf(column)
	if by, twice := p.given[to]; twice {
		return nil, fmt.Errorf("field %s is %s, and there is a column of that name as well: leave that one out with --skip %s, or give it another name with --map other=%s", to.name, by, column, column)
	}
	if p.strict && to.field == nil {
		return nil, fmt.Errorf("column %q is unknown, and --strict takes no attributes that are not mapped", column)
	}
	return []target{to}, nil
}

// columnOf names the column a field's value came from, "" for constants and unknown ones.
func (p plan) columnOf(field string) string {
	to := targetOf(field)
	for column, targets := range p.targets {
		if slices.Contains(targets, to) {
			return column
		}
	}
	if _, constant := p.constants[to]; constant {
		return ""
	}
	return field
}

// checkHeader compares the mapping with the columns a file has, before anything is read or written.
func (p plan) checkHeader(columns []string) error {
	var problems []string
	gives := map[target]bool{}
	for to := range p.constants {
		gives[to] = true
	}
	for _, column := range columns {
		targets, err := p.of(column)
		if err != nil {
			problems = append(problems, err.Error())
		}
		for _, to := range targets {
			gives[to] = true
		}
	}
	for _, column := range slices.Sorted(maps.Keys(p.targets)) {
		if !slices.Contains(columns, column) {
			problems = append(problems, fmt.Sprintf("%s is not in the header", p.describe(column)))
		}
	}
	if len(problems) == 0 && !gives[targetOf("ts")] {
		problems = append(problems, "no column gives ts, the time of the event: name it with --map ts=COLUMN")
	}
	if len(problems) == 0 && !gives[targetOf("type")] {
		problems = append(problems, "no column gives type (view, action, error, ...): name it with --map type=COLUMN, or use --set type=view")
	}
	if len(problems) > 0 {
		return fmt.Errorf("%s; the columns are: %s", strings.Join(problems, "; "), strings.Join(columns, ", "))
	}
	return nil
}

func (p plan) describe(column string) string {
	if len(p.targets[column]) == 0 {
		return fmt.Sprintf("column %q (--skip)", column)
	}
	names := make([]string, len(p.targets[column]))
	for i, to := range p.targets[column] {
		names[i] = to.name
	}
	return fmt.Sprintf("column %q (mapped to %s)", column, strings.Join(names, ", "))
}

// sortedConstants returns the constants ordered by name.
func (p plan) sortedConstants() []constant {
	list := make([]constant, 0, len(p.constants))
	for to, value := range p.constants {
		list = append(list, constant{to, value})
	}
	slices.SortFunc(list, func(a, b constant) int { return cmp.Compare(a.to.name, b.to.name) })
	return list
}

type constant struct {
	to    target
	value string
}

var errNoHeader = errors.New("the file is empty: not even a header")
