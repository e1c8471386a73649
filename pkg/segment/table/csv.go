package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// reader reads the rows of a file for COPY: line, key, row as JSON, and why the row is not stored. It is a
// pgx.CopyFromSource. What it says of the file is complete after the last row.
type reader struct {
	rows    *csv.Reader
	input   *limitedReader
	columns []string
	key     int // position of the key's column
	of      Identity
	numbers []bool // by column: wanted to be one, so that another value refuses the file

	read, empty, invalid int64
	texts                []bool // by column: has a value that is no number
	filled               []bool // by column: has a value
	progress             func(bytes, rows int64)

	line   int
	rawKey string
	value  []byte
	reason string // "" for a row to store
	err    error
}

// newReader reads the header; the options' key, identity and types are checked against it.
func newReader(file io.Reader, o Options) (*reader, error) {
	input := &limitedReader{r: file, max: o.MaxBytes}
	buffered := bufio.NewReaderSize(input, 64<<10)
	if err := skipBOM(buffered); err != nil {
		return nil, err
	}
	r := &reader{rows: csv.NewReader(buffered), input: input, progress: o.OnProgress}
	r.rows.ReuseRecord = true
	header, err := r.rows.Read()
	switch {
	case errors.Is(err, io.EOF):
		return nil, refuse("the file is empty: its first line must name the columns")
	case err != nil:
		return nil, r.explain(err)
	}
	if err := checkHeader(header); err != nil {
		return nil, err
	}
	if r.columns, err = normaliseColumns(header); err != nil {
		return nil, err
	}
	return r, r.apply(o)
}

func checkHeader(header []string) error {
	for i, name := range header {
		if problem := unreadable(name); problem != "" {
			return Error{Line: 1, Column: fmt.Sprint(i + 1), Problem: problem}
		}
		header[i] = Unguard(name)
	}
	if len(header) == 1 && strings.ContainsAny(header[0], ";\t|") {
		return Error{Line: 1, Problem: fmt.Sprintf("the header is a single column, %q: commas must separate the columns", header[0])}
	}
	return nil
}

// apply takes the options that are about columns.
func (r *reader) apply(o Options) error {
	var err error
	if r.key, err = findColumn(r.columns, o.Key); err != nil {
		return err
	}
	if r.of = o.Identity; r.of == "" {
		if r.of = keyNames[r.columns[r.key]]; r.of == "" {
			return refuse("say what the key %s is compared with: usr.id, usr.email or usr.name", r.columns[r.key])
		}
	}
	r.numbers, r.texts, r.filled = make([]bool, len(r.columns)), make([]bool, len(r.columns)), make([]bool, len(r.columns))
	for name, wanted := range o.Types {
		i, err := findColumn(r.columns, name)
		if err != nil {
			return err
		}
		switch wanted {
		case filter.Number:
			r.numbers[i] = true
		case filter.Text:
			r.texts[i] = true
		default:
			return refuse("the type of column %s must be text or number, not %q", r.columns[i], wanted)
		}
	}
	return nil
}

// types are the columns with their types: text where a value is no number, or where there is none at all.
func (r *reader) types() []Column {
	list := make([]Column, len(r.columns))
	for i, name := range r.columns {
		list[i] = Column{name, filter.Text}
		if r.numbers[i] || r.filled[i] && !r.texts[i] {
			list[i].Type = filter.Number
		}
	}
	return list
}

// Next reads a row.
func (r *reader) Next() bool {
	r.input.startRow()
	cells, err := r.rows.Read()
	if errors.Is(err, io.EOF) {
		return false
	}
	if err != nil {
		r.err = r.explain(err)
		return false
	}
	r.read++
	r.line, _ = r.rows.FieldPos(0)
	if r.progress != nil && r.read%1000 == 0 {
		r.progress(r.input.total, r.read)
	}
	r.err = r.take(cells)
	return r.err == nil
}

// take checks and keeps a row. What makes all of the file doubtful is an error, what is wrong with one row its reason.
func (r *reader) take(cells []string) error {
	r.reason = ""
	for i, cell := range cells {
		if problem := unreadable(cell); problem != "" {
			return Error{Line: r.line, Column: r.columns[i], Problem: problem}
		}
		cells[i] = Unguard(cell)
		if err := r.takeType(i, cells[i]); err != nil {
			return err
		}
		if len(cells[i]) > MaxValue && r.reason == "" {
			r.reason = fmt.Sprintf("column %s has more than %d bytes", r.columns[i], MaxValue)
		}
	}
	r.rawKey = cells[r.key]
	switch most := identities[r.of].maxKey; {
	case r.rawKey == "" || r.of == Email && strings.Trim(r.rawKey, " ") == "":
		r.empty++
		r.reason = "the key is empty"
	case len(r.rawKey) > most:
		r.reason = fmt.Sprintf("the key has more than %d bytes, which no %s has", most, r.of)
		r.rawKey = strings.ToValidUTF8(r.rawKey[:most], "") + "..."
		r.invalid++
	case r.reason != "":
		r.invalid++
	}
	r.value = nil
	if r.reason == "" {
		r.value = r.encode(cells)
	}
	return nil
}

var number = regexp.MustCompile(filter.Numeric)

func (r *reader) takeType(i int, cell string) error {
	if cell == "" {
		return nil
	}
	r.filled[i] = true
	if r.texts[i] || number.MatchString(cell) {
		return nil
	}
	if r.numbers[i] {
		return Error{Line: r.line, Column: r.columns[i], Problem: fmt.Sprintf("%.100q is not a number", cell)}
	}
	r.texts[i] = true
	return nil
}

// encode writes a row as JSON, without empty values. The buffer is new, since COPY encodes later.
func (r *reader) encode(cells []string) []byte {
	var buf bytes.Buffer
	texts := json.NewEncoder(&buf)
	texts.SetEscapeHTML(false)
	separator := byte('{')
	for i, cell := range cells {
		if cell == "" {
			continue
		}
		buf.WriteByte(separator)
		separator = ','
		buf.WriteString(`"` + r.columns[i] + `":`)
		_ = texts.Encode(cell) // strings do not fail
	}
	buf.WriteByte('}')
	return buf.Bytes()
}

// Values are the columns of incoming.
func (r *reader) Values() ([]any, error) {
	var value, reason any
	if r.reason != "" {
		reason = r.reason
	} else {
		value = r.value
	}
	return []any{int64(r.line), r.rawKey, value, reason}, nil
}

// Err is why the file was refused.
func (r *reader) Err() error { return r.err }

// explain says in words what is wrong with the file.
func (r *reader) explain(err error) error {
	var wrong *csv.ParseError
	switch {
	case !errors.As(err, &wrong):
		return err
	case errors.Is(err, csv.ErrFieldCount):
		return Error{Line: wrong.StartLine, Problem: fmt.Sprintf("the row does not have as many columns as the header: %d", len(r.columns))}
	case errors.Is(err, csv.ErrQuote):
		return Error{Line: wrong.StartLine, Problem: `broken quotes: a value with quotes stands in quotes, and its own are doubled ("")`}
	case errors.Is(err, csv.ErrBareQuote):
		return Error{Line: wrong.Line, Problem: `a quote (") within a value: such a value stands in quotes, and its own are doubled ("")`}
	}
	return Error{Line: wrong.StartLine, Problem: wrong.Err.Error()}
}

// unreadable says why a text cannot be stored, "" if it can.
func unreadable(text string) string {
	switch {
	case strings.IndexByte(text, 0) >= 0:
		return "has a NUL byte: is this a CSV file?"
	case !utf8.ValidString(text):
		return "is not UTF-8: save the file as CSV in UTF-8"
	}
	return ""
}

// skipBOM passes over the byte order mark of UTF-8 and refuses those of UTF-16.
func skipBOM(r *bufio.Reader) error {
	head, err := r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return refuse("the file is UTF-16: save it as CSV in UTF-8")
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return refuse("the file is compressed: unpack it first")
	case bytes.Equal(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = r.Discard(3)
	}
	return nil
}

// limitedReader refuses a file of more than max bytes, and a row of more than maxRow.
type limitedReader struct {
	r          io.Reader
	max        int64
	total, row int64
}

func (l *limitedReader) startRow() { l.row = 0 }

func (l *limitedReader) Read(p []byte) (int, error) {
	if l.row > maxRow {
		return 0, refuse(`a row is longer than 1 MB: is a quote (") opened and never closed?`)
	}
	n, err := l.r.Read(p)
	l.row += int64(n)
	if l.total += int64(n); l.total > l.max {
		return 0, refuse("the file is larger than %d MB", l.max>>20)
	}
	return n, err
}
