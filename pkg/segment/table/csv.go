package table

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// reader reads the rows of a file for COPY: line, key, row as JSON, and why the row is not stored. It is a
// pgx.CopyFromSource. What it says of the file is complete after the last row.
type reader struct {
	rows    *csv.Reader
	input   *limitedReader
	before  int      // lines before the header
	header  []string // as it stands in the file; of a first line that is a row, names for what has a value there
	first   []string // the first line where it is a row that is still to be read
	columns []string // the header's, normalised
	key     int      // position of the key's column
	of      Identity
	numbers []bool // by column: wanted to be one, so that another value refuses the file

	lenient  bool    // goes on after rows that refuse the file
	leaveOut bool    // rejects them, so that they refuse nothing
	problems []Error // why they do, the first ones

	read, empty, invalid int64
	wrong                int64  // rows that refuse the file
	texts                []bool // by column: has a value that is no number
	filled               []bool // by column: has a value
	progress             func(bytes, rows int64)

	line   int
	rawKey string
	value  []byte
	reason string // "" for a row to store
	err    error
}

// newReader reads the first line. Before any row apply takes the options that are about columns.
func newReader(file io.Reader, o Options) (*reader, error) {
	input := &limitedReader{r: file, max: o.MaxBytes}
	buffered := bufio.NewReaderSize(input, 64<<10)
	separator, err := begin(buffered)
	if err != nil {
		return nil, err
	}
	r := &reader{rows: csv.NewReader(buffered), input: input, progress: o.OnProgress, leaveOut: o.LeaveOut}
	if separator != 0 {
		r.before = 1
	}
	r.rows.Comma = cmp.Or(o.Delimiter, separator, ',')
	r.rows.FieldsPerRecord = -1
	r.rows.ReuseRecord = true
	header, err := r.rows.Read()
	switch {
	case errors.Is(err, io.EOF) && o.FirstLine == Row:
		return nil, refuse("the file is empty")
	case errors.Is(err, io.EOF):
		return nil, refuse("the file is empty: its first line must name the columns")
	case err != nil:
		return nil, r.explain(err)
	}
	r.header = slices.Clone(header)
	if err := csvfile.CheckDelimiter(r.header, r.rows.Comma); err != nil {
		return nil, Error{Line: r.before + 1, Problem: err.Error() + ", or give the parameter delimiter over HTTP"}
	}
	if o.FirstLine == Row {
		r.first = slices.Clone(header)
		line, _ := r.rows.FieldPos(0)
		r.line = r.before + line
		for i, cell := range r.header {
			if cell != "" {
				r.header[i] = csvfile.NumberedName(i)
			}
		}
	}
	if err := r.nameColumns(); err != nil {
		return nil, err
	}
	return r, nil
}

func (r *reader) nameColumns() (err error) {
	for i, name := range r.header {
		if problem := unreadable(name); problem != "" {
			return Error{Line: r.before + 1, Column: fmt.Sprint(i + 1), Problem: problem}
		}
		r.header[i] = Unguard(name)
	}
	named := 0
	for i := range r.header {
		if _, given := csvfile.Name(r.header, i); given {
			named++
		}
	}
	if err := checkNumber(named); err != nil {
		return err
	}
	r.columns, err = normaliseColumns(r.header)
	return err
}

// apply takes the options that are about columns: key, identity and types are checked against the header.
func (r *reader) apply(o Options) error {
	var err error
	if r.key, err = r.findColumn(o.Key); err != nil {
		return err
	}
	if r.of = o.Identity; r.of == "" {
		if r.of = keyNames[r.columns[r.key]]; r.of == "" {
			return refuse("say what the key %s is compared with: usr.id, usr.email, usr.name or an attribute such as usr.plan", r.columns[r.key])
		}
	}
	r.numbers, r.texts, r.filled = make([]bool, len(r.columns)), make([]bool, len(r.columns)), make([]bool, len(r.columns))
	for name, wanted := range o.Types {
		i, err := r.findColumn(name)
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

// isColumn is false for what has neither a name nor values.
func (r *reader) isColumn(i int) bool {
	_, given := csvfile.Name(r.header, i)
	return given || r.filled[i]
}

// types are the columns with their types: text where a value is no number, or where there is none at all.
func (r *reader) types() []Column {
	list := []Column{}
	for i, name := range r.columns {
		if !r.isColumn(i) {
			continue
		}
		column := Column{name, filter.Text}
		if r.numbers[i] || r.filled[i] && !r.texts[i] {
			column.Type = filter.Number
		}
		list = append(list, column)
	}
	return list
}

// Next reads a row. A lenient reader passes over those that refuse the file, and ends where it cannot read on.
func (r *reader) Next() bool {
	for {
		cells, err := r.readRow()
		if errors.Is(err, io.EOF) {
			return false
		}
		if err != nil {
			r.refuse(r.explain(err))
			return false
		}
		r.read++
		err = r.takeRow(cells)
		if r.leaveOut {
			err = r.reject(err)
		}
		if err == nil {
			return true
		} else if !r.refuse(err) {
			return false
		}
		r.wrong++
	}
}

// readRow reads the cells of a row, as they stand in the file.
func (r *reader) readRow() ([]string, error) {
	if cells := r.first; cells != nil {
		r.first = nil
		return cells, nil
	}
	r.input.startRow()
	cells, err := r.rows.Read()
	if err == nil {
		line, _ := r.rows.FieldPos(0)
		r.line = r.before + line
	}
	return cells, err
}

// refuse tells whether the reader goes on all the same.
func (r *reader) refuse(err error) bool {
	var refused Error
	if !r.lenient || !errors.As(err, &refused) {
		r.err = err
		return false
	}
	if len(r.problems) < maxProblems {
		r.problems = append(r.problems, refused)
	}
	return true
}

// reject makes of what would refuse the file the reason of one row. Its key may not even be text.
func (r *reader) reject(err error) error {
	var refused Error
	if !errors.As(err, &refused) {
		return err
	}
	r.rawKey, r.reason = "", refused.Problem
	if refused.Column != "" {
		r.reason = fmt.Sprintf("column %s: %s", refused.Column, refused.Problem)
	}
	r.invalid++
	return nil
}

func (r *reader) takeRow(cells []string) error {
	if r.progress != nil && r.read%1000 == 0 {
		r.progress(r.input.total, r.read)
	}
	fitting, fits := csvfile.Fit(cells, r.header)
	if !fits {
		return Error{Line: r.line, Problem: fmt.Sprintf("the row has %s, the header has %d", columnsText(len(cells)), len(r.header))}
	}
	if r.isHeader(fitting) {
		r.rawKey, r.value, r.reason = fitting[r.key], nil, "the row repeats the header"
		r.invalid++
		return nil
	}
	return r.take(fitting)
}

func columnsText(n int) string {
	if n == 1 {
		return "1 column"
	}
	return fmt.Sprintf("%d columns", n)
}

// isHeader tells a header that stands in the file again, as after files were joined. A single name may be a user's, too.
func (r *reader) isHeader(cells []string) bool {
	return len(cells) > 1 && slices.EqualFunc(cells, r.header, func(cell, name string) bool { return Unguard(cell) == name })
}

// take checks and keeps a row. What makes all of the file doubtful is an error, what is wrong with one row its reason.
func (r *reader) take(cells []string) error {
	r.reason = ""
	// First, so that a row that is left out says nothing of types.
	for i, cell := range cells {
		if problem := r.wrongIn(i, cell); problem != "" {
			return Error{Line: r.line, Column: r.columns[i], Problem: problem}
		}
	}
	for i, cell := range cells {
		cells[i] = Unguard(cell)
		plain := r.plain(i, cells[i])
		r.takeType(i, plain)
		if i != r.key {
			cells[i] = plain
		}
		if len(cells[i]) > MaxValue && r.reason == "" {
			r.reason = fmt.Sprintf("column %s has more than %d bytes", r.columns[i], MaxValue)
		}
	}
	r.rawKey = cells[r.key]
	switch most := r.of.compared().maxKey; {
	case r.rawKey == "" || r.of == Email && strings.Trim(r.rawKey, " ") == "":
		r.empty++
		r.reason = "the key is empty"
	case len(r.rawKey) > most:
		r.reason = fmt.Sprintf("the key has more than %d bytes", most)
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

// padded matches the zeros that make a code of a number; where a column is wanted to be of numbers, they are left out.
var padded = regexp.MustCompile(`^([-+]?)0+([0-9])`)

// plain is a cell as it is stored, where it is not the key.
func (r *reader) plain(i int, cell string) string {
	if r.numbers[i] {
		return padded.ReplaceAllString(cell, "$1$2")
	}
	return cell
}

// wrongIn says what makes all of the file doubtful in a cell, "" if nothing does.
func (r *reader) wrongIn(i int, cell string) string {
	if problem := unreadable(cell); problem != "" || !r.numbers[i] {
		return problem
	}
	if number := r.plain(i, Unguard(cell)); number != "" && !event.IsNumber(number) {
		return fmt.Sprintf("%.100q is not a number", number)
	}
	return ""
}

func (r *reader) takeType(i int, cell string) {
	if cell == "" {
		return
	}
	r.filled[i] = true
	r.texts[i] = r.texts[i] || !r.numbers[i] && !event.IsNumber(cell)
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
	case errors.Is(err, csv.ErrQuote):
		return Error{Line: r.before + wrong.StartLine, Problem: `broken quotes: a value with quotes stands in quotes, and its own are doubled ("")`}
	case errors.Is(err, csv.ErrBareQuote):
		return Error{Line: r.before + wrong.Line, Problem: `a quote (") within a value: such a value stands in quotes, and its own are doubled ("")`}
	}
	return Error{Line: r.before + wrong.StartLine, Problem: wrong.Err.Error()}
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

// begin passes over a byte order mark, and returns the separator that a first line "sep=;" says, 0 without one.
func begin(r *bufio.Reader) (rune, error) {
	if head, _ := r.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return 0, refuse("the file is compressed: unpack it first")
	}
	err := csvfile.SkipMark(r)
	if errors.Is(err, csvfile.ErrUTF16) {
		return 0, refuse("%s", err)
	}
	if err != nil {
		return 0, err
	}
	return csvfile.ReadSeparator(r)
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
