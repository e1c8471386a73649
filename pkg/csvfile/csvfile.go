// Package csvfile knows how CSV files begin and end their rows as people have them: what imports, reference tables and
// lists of users have in common.
package csvfile

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

// ErrUTF16 is a file of another encoding than UTF-8.
var ErrUTF16 = errors.New("the file is UTF-16: save it as UTF-8, or convert it with iconv -f UTF-16 -t UTF-8")

// SkipMark passes over the byte order mark of UTF-8, and answers ErrUTF16 to those of UTF-16.
func SkipMark(r *bufio.Reader) error {
	head, err := r.Peek(3)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return ErrUTF16
	case bytes.Equal(head, []byte{0xef, 0xbb, 0xbf}):
		_, _ = r.Discard(len(head))
	}
	return nil
}

// separatorLine is a first line that only says what separates the columns, as spreadsheets write and read it. A
// spreadsheet that saves such a file fills the line up with empty cells.
var separatorLine = regexp.MustCompile(`(?i)^"?sep=([^\r\n"])"?[,;\t]*(\r?\n|$)`)

// maxSeparatorLine is how far a line that says the separator is looked for.
const maxSeparatorLine = 256

// ReadSeparator reads a first line such as "sep=;" and returns what it says, 0 where there is none.
func ReadSeparator(r *bufio.Reader) (rune, error) {
	head, err := r.Peek(maxSeparatorLine)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return 0, err
	}
	found := separatorLine.FindSubmatchIndex(head)
	if found == nil {
		return 0, nil
	}
	separator, _ := utf8.DecodeRune(head[found[2]:found[3]])
	_, err = r.Discard(found[1])
	return separator, err
}

// ParseDelimiter reads a delimiter as people give it: one character, "tab" or \t. Empty is 0.
func ParseDelimiter(text string) (rune, error) {
	switch text {
	case "":
		return 0, nil
	case "tab", `\t`, "\t":
		return '\t', nil
	}
	r, size := utf8.DecodeRuneInString(text)
	if size != len(text) || r == utf8.RuneError || r == '"' || r == '\r' || r == '\n' || r == 0 {
		return 0, fmt.Errorf("the delimiter %q must be one character that is no quote, or tab", text)
	}
	return r, nil
}

// OtherDelimiter is a character that seems to cut a header of one column into several, 0 where there is none.
func OtherDelimiter(header []string, delimiter rune) rune {
	if len(header) != 1 {
		return 0
	}
	for _, other := range ",;\t|" {
		if other != delimiter && strings.ContainsRune(header[0], other) {
			return other
		}
	}
	return 0
}

// CheckDelimiter tells of a header of one column that another character than the delimiter seems to cut into several.
func CheckDelimiter(header []string, delimiter rune) error {
	other := OtherDelimiter(header, delimiter)
	if other == 0 {
		return nil
	}
	flag := "'" + string(other) + "'"
	if other == '\t' {
		flag = "tab"
	}
	return fmt.Errorf("the header is a single column, %q: if %q separates the columns, say --delimiter %s", header[0], other, flag)
}

// Name is what a header's i-th column, from 0, is called: its name without surrounding spaces, or else column_1 and so on.
// Given tells that the file gives it a name.
func Name(header []string, i int) (name string, given bool) {
	if name = strings.TrimSpace(header[i]); name != "" {
		return name, true
	}
	return NumberedName(i), false
}

// NumberedName names the i-th column, from 0, after its place.
func NumberedName(i int) string { return fmt.Sprintf("column_%d", i+1) }

// Fit makes a row as long as the header, where only empty cells are too many, or only columns without a name missing.
func Fit(cells, header []string) ([]string, bool) {
	for len(cells) > len(header) {
		if cells[len(cells)-1] != "" {
			return cells, false
		}
		cells = cells[:len(cells)-1]
	}
	for len(cells) < len(header) {
		if _, given := Name(header, len(cells)); given {
			return cells, false
		}
		cells = append(cells, "")
	}
	return cells, true
}

// Unreadable says why a text cannot be stored, "" if it can.
func Unreadable(text string) string {
	switch {
	case !utf8.ValidString(text):
		return "is not UTF-8"
	case strings.IndexByte(text, 0) >= 0:
		return "has a NUL byte, which Postgres cannot store"
	}
	return ""
}
