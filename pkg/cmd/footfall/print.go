package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// english groups digits: 31,106.
var english = message.NewPrinter(language.English)

func (a *app) printJSON(value any) error {
	encoder := json.NewEncoder(a.stdout)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Errorf("print JSON: %w", err)
	}
	return nil
}

// listing is how a list is printed: as a table, or as what says that there is nothing in it.
type listing[T any] struct {
	heads []string
	cells func(T) []string
	none  string
}

// print prints the list, as JSON where that is asked for.
func (l listing[T]) print(a *app, list []T, asJSON bool) error {
	switch {
	case asJSON:
		return a.printJSON(append([]T{}, list...)) // [] where there are none
	case len(list) == 0:
		fmt.Fprintln(a.stdout, l.none)
		return nil
	}
	t := a.columns(l.heads...)
	for _, one := range list {
		t.row(l.cells(one)...)
	}
	return t.end()
}

// columns are aligned when they end.
type columns struct{ out *tabwriter.Writer }

func (a *app) columns(heads ...string) columns {
	t := columns{tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)}
	if len(heads) > 0 {
		t.row(heads...)
	}
	return t
}

func (t columns) row(cells ...string) { fmt.Fprintln(t.out, strings.Join(cells, "\t")) }

// fact is a row of a name and what is to be said of it, none where that is nothing.
func (t columns) fact(name, format string, args ...any) {
	if text := english.Sprintf(format, args...); text != "" {
		t.row(name, text)
	}
}

func (t columns) end() error {
	if err := t.out.Flush(); err != nil {
		return fmt.Errorf("print columns: %w", err)
	}
	return nil
}

// grouped is a number with its digits grouped.
func grouped(n int64) string { return english.Sprintf("%d", n) }
