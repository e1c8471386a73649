package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Literal writes a value into SQL that people take elsewhere, where parameters have no place: texts, numbers, times and lists of
// them. In what Footfall runs itself, only names of a fixed list are written so, where the planner must see which they are.
func Literal(value any) string {
	switch value := value.(type) {
	case string:
		return quoted(value)
	case int:
		return strconv.Itoa(value)
	case int32:
		return strconv.Itoa(int(value))
	case int64:
		return strconv.FormatInt(value, 10)
	case time.Time:
		return "timestamptz " + quoted(value.UTC().Format("2006-01-02T15:04:05.999999Z07:00"))
	case []string:
		return list(value, quoted)
	case []int32:
		return list(value, func(n int32) string { return Literal(n) })
	case []time.Time:
		return list(value, func(at time.Time) string { return Literal(at)[len("timestamptz "):] }) + "::timestamptz[]"
	}
	panic(fmt.Sprintf("store: no literal of %T", value))
}

// quoted is right whatever standard_conforming_strings says.
func quoted(text string) string {
	text = strings.ReplaceAll(text, "'", "''")
	if strings.Contains(text, `\`) {
		return "E'" + strings.ReplaceAll(text, `\`, `\\`) + "'"
	}
	return "'" + text + "'"
}

func list[T any](values []T, one func(T) string) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = one(value)
	}
	return "array[" + strings.Join(texts, ", ") + "]"
}

// Comment makes one line of a text behind a comment's sign, which the text cannot end.
func Comment(text string) string { return "-- " + strings.Join(strings.Fields(text), " ") }
