package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/filter"
)

// NormaliseName makes a name that filters can speak of: trimmed, lower-cased, every other character than a-z, 0-9 and _
// replaced by _, what stands before the first letter removed. A name without letters, or too long, is an Error.
func NormaliseName(name string) (string, error) {
	var text strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(name)) {
		switch {
		case 'a' <= r && r <= 'z':
			text.WriteRune(r)
		case text.Len() == 0: // a name starts with a letter
		case '0' <= r && r <= '9':
			text.WriteRune(r)
		default:
			text.WriteByte('_')
		}
	}
	switch {
	case text.Len() == 0:
		return "", refuse("the name %q has no letter from a to z", name)
	case text.Len() > MaxName:
		return "", refuse("the name %q has more than %d characters", name, MaxName)
	}
	return text.String(), nil
}

// normaliseColumns normalises a header. A name without letters from a to z is column_3, after its place. Names that occur
// more than once are numbered: id, id become id1, id2.
func normaliseColumns(header []string) ([]string, error) {
	names := make([]string, len(header))
	times := map[string]int{}
	for i, cell := range header {
		if !hasLetter(cell) {
			cell = csvfile.NumberedName(i)
		}
		name, err := NormaliseName(cell)
		if err != nil {
			return nil, Error{Line: 1, Column: fmt.Sprint(i + 1), Problem: err.Error()}
		}
		names[i] = name
		times[name]++
	}
	last := map[string]int{}
	for i, name := range names {
		if times[name] == 1 {
			continue
		}
		// A number that makes another column's name is passed over.
		numbered := name
		for times[numbered] > 0 {
			last[name]++
			numbered = fmt.Sprint(name, last[name])
		}
		if len(numbered) > MaxName {
			return nil, Error{Line: 1, Problem: fmt.Sprintf("the name %q has more than %d characters", numbered, MaxName)}
		}
		names[i] = numbered
		times[numbered]++
	}
	return names, nil
}

// checkNumber refuses more columns than a table may have.
func checkNumber(columns int) error {
	if columns > MaxColumns {
		return refuse("the file has %d columns, at most %d are allowed", columns, MaxColumns)
	}
	return nil
}

// checkMeanings refuses a table whose columns, as table.column, filters would take for something else.
func checkMeanings(table string, columns []string) error {
	for _, column := range columns {
		if _, err := (filter.Names{}).Find(table + "." + column); err == nil {
			return refuse("%s.%s already means something else in filters: choose another name for the table", table, column)
		}
	}
	return nil
}

func hasLetter(name string) bool {
	return strings.ContainsFunc(strings.ToLower(name), func(r rune) bool { return 'a' <= r && r <= 'z' })
}

// findColumn finds a column by its normalised name, by one that normalises to it, or by one without letters from a to z.
func (r *reader) findColumn(name string) (int, error) {
	i := slices.IndexFunc(r.header, func(given string) bool { return strings.TrimSpace(given) == strings.TrimSpace(name) })
	if hasLetter(name) {
		normal, err := NormaliseName(name)
		if err != nil {
			return 0, err
		}
		i = slices.Index(r.columns, normal)
	}
	if i < 0 {
		return 0, refuse("the file has no column %q; it has %s", name, strings.Join(r.columns, ", "))
	}
	return i, nil
}
