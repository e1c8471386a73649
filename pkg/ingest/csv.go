package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// csvReader reads records from CSV with a header.
type csvReader struct {
	rows    *csv.Reader
	window  *window
	before  int      // lines before the header
	read    int      // lines read whole
	header  []string // as it stands in the file
	columns []string // the header's columns, all with a name
	order   []int    // the columns' positions, ordered by name
}

// newCSVReader reads the header, or takes the one given for a file that has none. A delimiter of 0 is a comma, or what a
// first line "sep=;" says.
func newCSVReader(r io.Reader, delimiter rune, given []string) (*csvReader, error) {
	buffered := bufio.NewReader(r)
	c := &csvReader{window: &window{r: buffered}}
	separator, err := csvfile.ReadSeparator(buffered)
	if err != nil {
		return nil, fmt.Errorf("read the header: %w", readError(err))
	}
	if separator != 0 {
		c.before, c.read = 1, 1
	}
	c.rows = csv.NewReader(bufio.NewReaderSize(c.window, 64<<10))
	c.rows.Comma = cmp.Or(delimiter, separator, ',')
	c.rows.FieldsPerRecord = -1
	c.rows.ReuseRecord = true
	if len(given) > 0 {
		if err := checkGivenHeader(given, buffered, c.rows.Comma); err != nil {
			return nil, err
		}
		return c, c.setHeader(given)
	}
	header, err := c.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, errNoHeader
	case err != nil:
		return nil, fmt.Errorf("read the header: %w", err)
	}
	c.read = c.before + bytes.Count(c.window.bytes(0, c.rows.InputOffset()), []byte("\n"))
	return c, hintAtHeader(c.setHeader(slices.Clone(header)), header)
}

// checkGivenHeader compares the header that was given with the first row, as far as that can be seen ahead.
func checkGivenHeader(given []string, r *bufio.Reader, delimiter rune) error {
	head, err := r.Peek(2048)
	if len(head) == 0 && errors.Is(err, io.EOF) {
		return errors.New("the file is empty")
	}
	rows := csv.NewReader(bytes.NewReader(head))
	rows.Comma = delimiter
	first, readErr := rows.Read()
	switch {
	case readErr != nil || err == nil && rows.InputOffset() == int64(len(head)):
		return nil // broken or longer: told by its line
	case slices.Equal(first, given):
		return errors.New("--header gives the names that the first line has: leave --header out")
	}
	if _, fits := csvfile.Fit(first, given); !fits {
		return fmt.Errorf("--header names %d columns, the first line has %d: %.200q", len(given), len(first), first)
	}
	return nil
}

// hintAtHeader adds what helps where the first line is no header.
func hintAtHeader(err error, header []string) error {
	if err == nil || !looksLikeData(header) {
		return err
	}
	return fmt.Errorf("%w; if the file has no header, name its columns with --header a,b,c", err)
}

// looksLikeData tells of a header whose cells look like a row's: a number or the time of an event.
func looksLikeData(header []string) bool {
	return slices.ContainsFunc(header, func(cell string) bool {
		_, err := event.ParseTime(cell)
		return err == nil || cell != "" && isPlainNumber(cell)
	})
}

// setHeader checks the header and names the columns.
func (c *csvReader) setHeader(header []string) error {
	c.header = header
	seen := map[string]bool{}
	for i, name := range header {
		if reason := csvfile.Unreadable(name); reason != "" {
			return fmt.Errorf("the header %s: is this a CSV file in UTF-8?", reason)
		}
		name, _ = csvfile.Name(header, i)
		if seen[name] {
			return fmt.Errorf("the header has two columns named %q", name)
		}
		seen[name] = true
		c.columns = append(c.columns, name)
		c.order = append(c.order, i)
	}
	slices.SortFunc(c.order, func(a, b int) int { return strings.Compare(c.columns[a], c.columns[b]) })
	return csvfile.CheckDelimiter(header, c.rows.Comma)
}

// wanted are the columns without those that have no name in the file, unless the plan speaks of them: mostly they are
// empty cells at the end.
func (c *csvReader) wanted(p plan) []string {
	var columns []string
	for i, column := range c.columns {
		_, given := csvfile.Name(c.header, i)
		if _, mapped := p.targets[column]; given || mapped {
			columns = append(columns, column)
		}
	}
	return columns
}

func (c *csvReader) next(rec *record) error {
	start := c.rows.InputOffset()
	c.window.forget(start)
	cells, err := c.rows.Read()
	rec.raw = c.window.bytes(start, c.rows.InputOffset())
	var parse *csv.ParseError
	switch {
	case err == nil:
		line, _ := c.rows.FieldPos(0)
		rec.line = c.before + line
		c.read += bytes.Count(rec.raw, []byte("\n"))
	case errors.Is(err, io.EOF):
		return io.EOF
	case errors.As(err, &parse):
		rec.line = c.before + parse.StartLine
		c.read += bytes.Count(rec.raw, []byte("\n"))
		return &badRow{reason: fmt.Sprintf("broken CSV at column %d: %v", parse.Column, parse.Err)}
	default:
		return fmt.Errorf("%s: %w", afterLine(c.read), readError(err))
	}
	rec.values = rec.values[:0]
	fitting, fits := csvfile.Fit(cells, c.header)
	if !fits {
		return &badRow{reason: fmt.Sprintf("has %d columns, the header has %d", len(cells), len(c.header))}
	}
	cells = fitting
	for _, i := range c.order {
		if _, given := csvfile.Name(c.header, i); !given && cells[i] == "" {
			continue
		}
		rec.values = append(rec.values, newValue(c.columns[i], cells[i]))
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
