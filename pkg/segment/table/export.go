package table

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// CSVWriter writes CSV that spreadsheets do not execute: a cell that starts with = + - @, a tab or a carriage return gets
// an apostrophe in front, which Upload removes. Line breaks are written as \n: readers of CSV do not tell them apart. Call
// Flush at the end.
type CSVWriter struct {
	rows    *csv.Writer
	guarded []string
}

// NewCSVWriter returns a writer on w.
func NewCSVWriter(w io.Writer) *CSVWriter { return &CSVWriter{rows: csv.NewWriter(w)} }

// Write writes a row. Errors of w may come as late as with Flush.
func (c *CSVWriter) Write(cells ...string) error {
	c.guarded = c.guarded[:0]
	for _, cell := range cells {
		if strings.Contains(cell, "\r\n") {
			cell = lineBreak.ReplaceAllString(cell, "\n")
		}
		if isFormula(cell) {
			cell = "'" + cell
		}
		c.guarded = append(c.guarded, cell)
	}
	return c.rows.Write(c.guarded)
}

// Flush writes what is buffered and returns the first error there was.
func (c *CSVWriter) Flush() error {
	c.rows.Flush()
	return c.rows.Error()
}

var lineBreak = regexp.MustCompile(`\r+\n`)

// isFormula also takes what is guarded already, so that guarding and unguarding give back every text.
func isFormula(cell string) bool {
	text := strings.TrimLeft(cell, "'")
	first, _ := utf8.DecodeRuneInString(text)
	if text == "" || strings.ContainsRune("\t\n\v\f\r\ufeff", first) {
		return text != ""
	}
	// Spreadsheets skip spaces, and take full-width signs for the others.
	first, size := utf8.DecodeRuneInString(strings.TrimLeft(text, " \u00a0\u3000\t\n\v\f\r\ufeff"))
	return size > 0 && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", first)
}

// Unguard undoes what CSVWriter did.
func Unguard(cell string) string {
	if cell != "" && cell[0] == '\'' && isFormula(cell) {
		return cell[1:]
	}
	return cell
}

// One statement, so that a replacement meanwhile cannot give one version's columns to another's rows.
const rowsSQL = `
select case when row_number() over (order by r.key collate "C") = 1 then t.columns end, r.value
  from footfall.reference_tables t
  left join footfall.reference_rows r on r.table_id = t.id
 where t.name = $1
 order by r.key collate "C"`

// Export writes a table as CSV, by key, so that it can be uploaded again. Without such a table it is ErrUnknown.
func Export(ctx context.Context, db store.Querier, name string, to io.Writer) error {
	out := NewCSVWriter(to)
	var columns []Column
	var cells []string
	var newColumns *[]Column
	var value map[string]string
	err := store.Statement{SQL: rowsSQL, Args: []any{name}}.Each(ctx, db, []any{&newColumns, &value}, func() error {
		if newColumns != nil {
			columns = *newColumns
			for _, column := range columns {
				cells = append(cells, column.Name)
			}
			if err := out.Write(cells...); err != nil {
				return err
			}
		}
		if value == nil { // a table without rows
			return nil
		}
		for i, column := range columns {
			cells[i] = value[column.Name]
		}
		value = nil
		return out.Write(cells...)
	})
	switch {
	case err != nil:
		return fmt.Errorf("export table %s: %w", name, err)
	case columns == nil:
		return fmt.Errorf("%w: %s", ErrUnknown, name)
	}
	return out.Flush()
}
