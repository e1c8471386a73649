package table

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"strings"
)

// Checked is what an upload of a file would find.
type Checked struct {
	Content              // of the rows that do not refuse the file
	Delimiter string     `json:"delimiter"` // between columns
	Header    []string   `json:"header"`    // by column, as it stands in the file
	Rows      []ShownRow `json:"rows"`      // the first ones, and those that problems and samples speak of
	Problems  []Error    `json:"problems"`  // why an upload would be refused, the first ones
	Wrong     int64      `json:"wrong"`     // rows that would refuse it
}

// ShownRow is a row of a file for people to look at.
type ShownRow struct {
	Line  int      `json:"line"`  // of the file, from 1
	Cells []string `json:"cells"` // by column, long ones cut
}

const (
	firstRows   = 10
	maxProblems = 100
	maxShown    = 200 // bytes of a cell
)

// Check finds out what an upload of the file would find, and stores nothing. What the options leave open is guessed:
// delimiter, first line, key and identity. What would refuse a row refuses no more than that row; what makes all of the file
// unreadable is an Error.
func Check(ctx context.Context, db Beginner, file []byte, o Options) (Checked, error) {
	o.MaxBytes = cmp.Or(o.MaxBytes, MaxFile)
	if o.Delimiter == 0 {
		o.Delimiter = guessDelimiter(file)
	}
	if o.FirstLine == "" {
		if err := guessFirstLine(ctx, db, file, &o); err != nil {
			return Checked{}, err
		}
	}
	r, err := newReader(bytes.NewReader(file), o)
	if err != nil {
		return Checked{}, err
	}
	r.lenient = true
	if err := r.guess(ctx, db, file, &o); err != nil {
		return Checked{}, err
	}
	if err := r.apply(o); err != nil {
		return Checked{}, err
	}
	r.checkName(o.Name)
	u, err := readOnly(ctx, db, r, o)
	if err != nil {
		return Checked{}, err
	}
	checked := Checked{
		Content: u.report.Content, Delimiter: string(r.rows.Comma), Problems: append([]Error{}, r.problems...), Wrong: r.wrong,
		Header: r.ofColumns(r.header),
	}
	checked.Rows, err = r.show(file, o, checked.linesToShow())
	return checked, err
}

// linesToShow are the lines that problems and samples speak of.
func (c Checked) linesToShow() map[int]bool {
	lines := map[int]bool{}
	for _, problem := range c.Problems {
		lines[problem.Line] = true
	}
	for _, sample := range c.Samples {
		lines[sample.Line] = true
	}
	return lines
}

// show reads the file once more, for its first rows and those of some lines, up to where it cannot be read.
func (r *reader) show(file []byte, o Options, lines map[int]bool) ([]ShownRow, error) {
	again, err := newReader(bytes.NewReader(file), o)
	if err != nil {
		return nil, err
	}
	rows := []ShownRow{}
	for i := 0; ; i++ {
		cells, err := again.readRow()
		if err != nil {
			return rows, nil // which is among the problems
		}
		if i < firstRows || lines[again.line] {
			rows = append(rows, ShownRow{again.line, r.ofColumns(shown(cells))})
		}
	}
}

// readOnly does all of an upload but the replacing.
func readOnly(ctx context.Context, db Beginner, r *reader, o Options) (*upload, error) {
	tx, err := db.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }()
	u := newUpload(tx, r, o)
	return u, u.run(ctx, u.readSteps())
}

// checkName looks at the name of the table, where there is one yet.
func (r *reader) checkName(name string) {
	if name == "" {
		return
	}
	normal, err := NormaliseName(name)
	if err == nil {
		err = checkMeanings(normal, r.columns)
	}
	if err != nil {
		r.refuse(err)
	}
}

// shown is a row as people see it.
func shown(cells []string) []string {
	row := make([]string, len(cells))
	for i, cell := range cells {
		if cell = Unguard(cell); len(cell) > maxShown {
			cell = cell[:maxShown] + "..."
		}
		row[i] = strings.ToValidUTF8(strings.ReplaceAll(cell, "\x00", "\ufffd"), "\ufffd")
	}
	return row
}

// ofColumns leaves out of a row what is no column, and fills it up.
func (r *reader) ofColumns(cells []string) []string {
	row := []string{}
	for i := range r.columns {
		switch {
		case !r.isColumn(i):
		case i < len(cells):
			row = append(row, cells[i])
		default:
			row = append(row, "")
		}
	}
	return row
}
