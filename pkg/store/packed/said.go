package packed

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Said is what events of a session say of some attributes, as footfall.tail has it beside the packed session: a text whose first line
// are the attributes' names, as a JSON array, followed by a line for each value: which attribute, which event, both from 0 on, and the
// value as JSON that PostgreSQL writes, with a space between two. JSON of PostgreSQL's has no line break.

// SaidUnknown stands there for a session whose events have to be asked themselves: they say too much, or are too many.
const SaidUnknown = ""

// SaidHead is the first line, with its end.
func SaidHead(names []string) string {
	var line bytes.Buffer
	encoder := json.NewEncoder(&line) // which ends the line
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(names) // texts cannot fail
	return line.String()
}

// AppendSaid appends a line.
func AppendSaid(dst []byte, attribute, event int, value string) []byte {
	dst = append(strconv.AppendInt(dst, int64(attribute), 10), ' ')
	dst = append(strconv.AppendInt(dst, int64(event), 10), ' ')
	return append(append(dst, value...), '\n')
}

// EachSaid takes the lines after the first one, of a session of so many events.
func EachSaid(lines string, attributes, events int, take func(attribute, event int, value string)) error {
	for lines != "" {
		line, rest, ended := strings.Cut(lines, "\n")
		attribute, line, first := cutNumber(line)
		event, value, second := cutNumber(line)
		if !ended || !first || !second || value == "" || attribute >= attributes || event >= events {
			return Error("has a line of values that is none")
		}
		take(attribute, event, value)
		lines = rest
	}
	return nil
}

// cutNumber reads a number and the space after it.
func cutNumber(line string) (number int, rest string, is bool) {
	at := strings.IndexByte(line, ' ')
	if at < 1 || at > 9 {
		return 0, "", false
	}
	for _, digit := range []byte(line[:at]) {
		if digit < '0' || digit > '9' {
			return 0, "", false
		}
		number = 10*number + int(digit-'0')
	}
	return number, line[at+1:], true
}
