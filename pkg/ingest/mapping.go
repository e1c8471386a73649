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
	Columns   map[string]string            // field or attribute -> column, or a template of columns
	Constants map[string]string            // field or attribute -> value, for every row
	Values    map[string]map[string]string // field or attribute -> value -> what it becomes; "*" are all others
	Skip      []string                     // columns to leave out
	Strict    bool                         // refuse columns that would become attributes of their own name
	Times     Times
	Null      []string // values that mean "not said", in every column
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
		if isTemplate(column) {
			if _, err := parseTemplate(column); err != nil {
				return m, fmt.Errorf("--map %s: the template %w", pair, err)
			}
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
	field *event.Field // nil: an attribute, the user agent, or the URL of the view
}

// isAttribute tells what is kept under its own name.
func (t target) isAttribute() bool {
	return t.field == nil && t.name != userAgentField && t.name != viewURLField
}

var fieldTargets = func() map[string]target {
	targets := map[string]target{}
	for i := range event.Fields {
		field := &event.Fields[i]
		targets[field.Name] = target{name: field.Name, field: field}
	}
	targets[userAgentField] = target{name: userAgentField}
	targets[viewURLField] = target{name: viewURLField}
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
	joined    map[target]template
	values    map[target]translation
	strict    bool
	times     Times
	null      map[string]bool
}

func (m Mapping) plan() plan {
	p := plan{
		targets: map[string][]target{}, constants: map[target]string{}, given: map[target]string{},
		joined: map[target]template{}, values: map[target]translation{}, strict: m.Strict, times: m.Times,
	}
	p.null = map[string]bool{}
	for _, text := range m.Null {
		p.null[text] = true
	}
	for _, column := range m.Skip {
		p.targets[column] = nil
	}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		column, to := m.Columns[name], targetOf(name)
		if isTemplate(column) {
			p.joined[to], _ = parseTemplate(column) // ParseMapping has told what is wrong
			p.given[to] = fmt.Sprintf("made of %q", column)
			continue
		}
		p.targets[column] = append(p.targets[column], to)
		p.given[to] = fmt.Sprintf("mapped from column %q", column)
	}
	for name, value := range m.Constants {
		to := targetOf(name)
		p.constants[to] = value
		p.given[to] = "set to a constant"
	}
	for name, values := range m.Values {
		p.values[targetOf(name)] = newTranslation(values)
	}
	p.planTemplates()
	return p
}

// planTemplates takes the columns of templates from the attributes. One that is named like a field still gives that field,
// unless something else does.
func (p plan) planTemplates() {
	for _, t := range p.joined {
		for _, column := range t.columns() {
			if _, planned := p.targets[column]; planned {
				continue
			}
			p.targets[column] = nil
			if to := targetOf(column); !to.isAttribute() && p.given[to] == "" {
				p.targets[column] = []target{to}
			}
		}
	}
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
	if p.strict && to.isAttribute() {
		return nil, fmt.Errorf("column %q is unknown, and --strict takes no attributes that are not mapped", column)
	}
	return []target{to}, nil
}

// columnOf names the column a field's value came from, "" for constants, templates and unknown ones.
func (p plan) columnOf(field string) string {
	to := targetOf(field)
	for column, targets := range p.targets {
		if slices.Contains(targets, to) {
			return column
		}
	}
	if p.given[to] != "" {
		return ""
	}
	return field
}

// checkHeader compares the mapping with the columns a file has, before anything is read or written.
func (p plan) checkHeader(columns []string) error {
	var problems []string
	gives := map[target]bool{}
	for to := range p.given {
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
	if gives[targetOf(userAgentField)] {
		for _, group := range agentFields {
			for _, field := range group {
				gives[field.to] = true
			}
		}
	}
	for to := range p.values {
		if !gives[to] && !slices.Contains(columns, to.name) {
			problems = append(problems, fmt.Sprintf("no column is or gives %s, whose values are to be translated (--value %s:...)", to.name, to.name))
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
	for _, to := range slices.SortedFunc(maps.Keys(p.joined), compareTargets) {
		if t := p.joined[to]; slices.Contains(t.columns(), column) {
			return fmt.Sprintf("column %q (--map %s='%s')", column, to.name, t.text)
		}
	}
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
	slices.SortFunc(list, func(a, b constant) int { return compareTargets(a.to, b.to) })
	return list
}

func compareTargets(a, b target) int { return cmp.Compare(a.name, b.name) }

type constant struct {
	to    target
	value string
}

var errNoHeader = errors.New("the file is empty: not even a header")
