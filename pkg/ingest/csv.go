package ingest

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// csvReader reads records from CSV with a header.
type csvReader struct {
	rows    *csv.Reader
	window  *window
	columns []string // of the header
	order   []int    // the columns' positions, ordered by name
}

func newCSVReader(r io.Reader, delimiter rune) (*csvReader, error) {
	w := &window{r: r}
	rows := csv.NewReader(bufio.NewReaderSize(w, 64<<10))
	rows.Comma = delimiter
	rows.ReuseRecord = true
	header, err := rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errNoHeader
	case err != nil:
		return nil, fmt.Errorf("read the header: %w", err)
	}
	columns, err := headerColumns(header, delimiter)
	if err != nil {
		return nil, err
	}
	order := make([]int, len(columns))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(columns[a], columns[b]) })
	return &csvReader{rows: rows, window: w, columns: columns, order: order}, nil
}

// headerColumns checks the header and returns the columns' names without surrounding spaces.
func headerColumns(header []string, delimiter rune) ([]string, error) {
	columns := make([]string, len(header))
	seen := map[string]bool{}
	for i, name := range header {
		name = strings.TrimSpace(name)
		if reason := uncopyable(name); reason != "" {
			return nil, fmt.Errorf("the header %s: is this a CSV file in UTF-8?", reason)
		}
		if name == "" {
			name = fmt.Sprintf("column_%d", i+1)
		}
		if seen[name] {
			return nil, fmt.Errorf("the header has two columns named %q", name)
		}
		seen[name] = true
		columns[i] = name
	}
	if len(columns) == 1 {
		for _, other := range ",;\t|" {
			if other != delimiter && strings.ContainsRune(columns[0], other) {
				return nil, fmt.Errorf("the header is a single column, %q: if %q separates the columns, say --delimiter %s", columns[0], other, delimiterFlag(other))
			}
		}
	}
	return columns, nil
}

func delimiterFlag(delimiter rune) string {
	if delimiter == '\t' {
		return "tab"
	}
	return "'" + string(delimiter) + "'"
}

func (c *csvReader) next(rec *record) error {
	start := c.rows.InputOffset()
	c.window.forget(start)
	cells, err := c.rows.Read()
	rec.raw = c.window.bytes(start, c.rows.InputOffset())
	var parse *csv.ParseError
	switch {
	case err == nil:
		rec.line, _ = c.rows.FieldPos(0)
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &parse):
		rec.line = parse.StartLine
		if errors.Is(err, csv.ErrFieldCount) {
			return &badRow{reason: fmt.Sprintf("has %d columns, the header has %d", len(cells), len(c.columns))}
		}
		return &badRow{reason: fmt.Sprintf("broken CSV at column %d: %v", parse.Column, parse.Err)}
	default:
		return fmt.Errorf("after line %d: %w", rec.line, readError(err))
	}
	rec.values = rec.values[:0]
	for _, i := range c.order {
		if reason := uncopyable(cells[i]); reason != "" {
			return &badRow{field: c.columns[i], reason: reason}
		}
		rec.values = append(rec.values, value{name: c.columns[i], text: cells[i]})
	}
	return nil
}

var errRowTooLong = fmt.Errorf("a row of more than %d MB: is a quote (\") opened and never closed?", maxRow>>20)

// window remembers the bytes that passed through it since a position, so that a refused row can be shown as it was.
type window struct {
	r     io.Reader
	buf   []byte
	base  int64 // position of buf[0]
	start int64 // what lies before is no longer wanted
}

func (w *window) Read(p []byte) (int, error) {
	if stale := w.start - w.base; stale > 0 {
		w.buf = w.buf[:copy(w.buf, w.buf[stale:])]
		w.base = w.start
	}
	if len(w.buf) > maxRow {
		return 0, errRowTooLong
	}
	n, err := w.r.Read(p)
	w.buf = append(w.buf, p[:n]...)
	return n, err
}

func (w *window) forget(before int64) { w.start = before }

func (w *window) bytes(from, to int64) []byte { return w.buf[from-w.base : to-w.base] }
