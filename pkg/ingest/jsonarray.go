package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

// arrayReader cuts a JSON array into its elements, without reading it into memory. What is wrong within an element is
// found by who reads that: here only strings, brackets and commas count.
type arrayReader struct {
	r    *bufio.Reader
	line int
	buf  []byte
	open bool // within an array
}

// beginsArray passes over blank lines and tells whether a JSON array follows, and on which line.
func beginsArray(r *bufio.Reader) (line int, array bool) {
	for line = 1; ; {
		c, err := r.ReadByte()
		switch {
		case err != nil:
			return line, false // the reader of lines will tell
		case c == '\n':
			line++
		case !isSpace(c):
			_ = r.UnreadByte()
			return line, c == '['
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

// next gives a record the next element's line and bytes.
func (a *arrayReader) next(rec *record) error {
	rec.values = rec.values[:0]
	for {
		c, err := a.skipSpace()
		switch {
		case errors.Is(err, io.EOF) && !a.open:
			return io.EOF
		case errors.Is(err, io.EOF):
			return fmt.Errorf("%s: the array is cut off, its ] is missing", afterLine(a.line))
		case err != nil:
			return fmt.Errorf("%s: %w", afterLine(a.line), readError(err))
		case !a.open && c != '[':
			return fmt.Errorf("%s: something follows the end of the array", afterLine(a.line))
		case !a.open:
			a.open = true
		case c == ']':
			a.open = false
		case c != ',':
			return a.element(rec, c)
		}
	}
}

// skipSpace returns the next byte that is none.
func (a *arrayReader) skipSpace() (byte, error) {
	for {
		c, err := a.r.ReadByte()
		if err != nil || !isSpace(c) {
			return c, err
		}
		if c == '\n' {
			a.line++
		}
	}
}

// element reads the rest of an element, up to the comma or bracket after it.
func (a *arrayReader) element(rec *record, c byte) error {
	a.buf = a.buf[:0]
	rec.line = a.line
	depth, quoted, escaped, long := 0, false, false, false
	for {
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case depth == 0 && (c == ',' || c == ']'):
			_ = a.r.UnreadByte()
			rec.raw = bytes.TrimSpace(a.buf)
			if long {
				return &badRow{reason: fmt.Sprintf("an element of more than %d MB", maxRow>>20)}
			}
			return nil
		case c == '}' || c == ']':
			depth = max(0, depth-1)
		}
		if c == '\n' {
			a.line++
		}
		if long = long || len(a.buf) >= maxRow; !long {
			a.buf = append(a.buf, c)
		}
		var err error
		if c, err = a.r.ReadByte(); errors.Is(err, io.EOF) {
			return fmt.Errorf("%s: the array is cut off in an element that begins on line %d", afterLine(a.line), rec.line)
		} else if err != nil {
			return fmt.Errorf("%s: %w", afterLine(a.line), readError(err))
		}
	}
}
