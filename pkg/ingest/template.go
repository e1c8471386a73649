package ingest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// template makes one text of several columns: "{first} {last}".
type template struct {
	text  string // as it was given
	parts []templatePart
}

// templatePart is a text to be kept, or the name of a column whose value stands in its place.
type templatePart struct {
	literal, column string
}

// isTemplate tells a template from the name of a column.
func isTemplate(text string) bool { return strings.ContainsAny(text, "{}") }

// parseTemplate reads a template: names of columns stand in braces, doubled braces for braces themselves.
func parseTemplate(text string) (template, error) {
	t := template{text: text}
	literal := ""
	rest := text
	for rest != "" {
		switch {
		case strings.HasPrefix(rest, "{{"), strings.HasPrefix(rest, "}}"):
			literal, rest = literal+rest[:1], rest[2:]
		case rest[0] == '}':
			return t, errors.New("has a } without {; names of columns stand in braces, {first}")
		case rest[0] == '{':
			name, after, closed := strings.Cut(rest[1:], "}")
			if !closed {
				return t, errors.New("has a { that is not closed; names of columns stand in braces, {first}")
			}
			if name == "" || strings.Contains(name, "{") {
				return t, fmt.Errorf("has {%s}, which names no column", name)
			}
			t.parts = append(t.parts, templatePart{literal: literal}, templatePart{column: name})
			literal, rest = "", after
		default:
			end := strings.IndexAny(rest, "{}")
			if end < 0 {
				end = len(rest)
			}
			literal, rest = literal+rest[:end], rest[end:]
		}
	}
	if len(t.parts) == 0 {
		return t, errors.New("names no column in braces; for the same value in every row say --set")
	}
	t.parts = append(t.parts, templatePart{literal: literal})
	return t, nil
}

// columns are those that the template names, each once.
func (t template) columns() []string {
	var columns []string
	for _, part := range t.parts {
		if part.column != "" && !slices.Contains(columns, part.column) {
			columns = append(columns, part.column)
		}
	}
	return columns
}

// fill makes the text of a row, whose values are ordered by name, without spaces at its ends. It is empty where all its
// columns are, and for ids where one is: half an id would be somebody else's. Translate may change a column's value.
func (t template) fill(values []value, id bool, translate func(value) value) string {
	var text strings.Builder
	said := 0
	for _, p := range t.parts {
		if p.column == "" {
			text.WriteString(p.literal)
			continue
		}
		i, found := slices.BinarySearchFunc(values, p.column, func(v value, name string) int { return strings.Compare(v.name, name) })
		part := ""
		if found {
			part = translate(values[i]).text
		}
		if part == "" && id {
			return ""
		}
		if part != "" {
			said++
		}
		text.WriteString(part)
	}
	if said == 0 {
		return ""
	}
	return strings.TrimSpace(text.String())
}

// isID tells the fields that tell users, visits and events from each other.
func isID(to target) bool {
	return to.field != nil && (strings.HasSuffix(to.name, ".id") || to.name == "usr.anonymous_id")
}
