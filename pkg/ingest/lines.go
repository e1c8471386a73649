package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// lineReader cuts a source into rows of one line each; blank lines are none.
type lineReader struct {
	lines *bufio.Reader
	line  int
	buf   []byte
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{lines: bufio.NewReaderSize(r, 64<<10)}
}

// next gives a record the next row's line and bytes.
func (l *lineReader) next(rec *record) error {
	for {
		long, err := l.read()
		rec.line, rec.raw, rec.values = l.line, l.buf, rec.values[:0]
		if err != nil {
			return err
		}
		if long {
			return &badRow{reason: fmt.Sprintf("a line of more than %d MB", maxRow>>20)}
		}
		if len(bytes.TrimSpace(l.buf)) > 0 {
			return nil
		}
	}
}

// read puts the next line into buf; long tells that it was cut at maxRow. A last line that ends with an error of the
// source is not returned: it may be cut off.
func (l *lineReader) read() (long bool, err error) {
	l.buf = l.buf[:0]
	l.line++
	for {
		part, err := l.lines.ReadSlice('\n')
		if len(l.buf)+len(part) > maxRow {
			long = true
		} else {
			l.buf = append(l.buf, part...)
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && (len(l.buf) > 0 || long):
			return long, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return false, io.EOF
		}
		return false, fmt.Errorf("%s: %w", afterLine(l.line-1), readError(err))
	}
}

// afterLine says where reading ended; line is the last one that was read whole, 0 for none.
func afterLine(line int) string {
	if line == 0 {
		return "in line 1"
	}
	return fmt.Sprintf("after line %d", line)
}
