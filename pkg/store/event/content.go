package event

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/footfall-analytics/footfall/pkg/country"
)

// Content is what a row means, whatever it is spelled like: names with values, in any order. Rows that mean the same have
// equal Bytes, so that they can be told from others where they have no id. In values,
//
//   - texts that are numbers as JSON writes them are their exact decimal value: 12.50 is 12.5 and 1e2 is 100, whether JSON
//     had quotes around them or not, as CSV has no types. 007 is a text.
//   - texts that begin like 2026-05-17 and are times are their instant, to the nanosecond.
//   - objects are what they hold, named by their path, as in filters; lists are their elements; nulls and empty texts are
//     nothing. JSON in a text is what it says.
//   - all else is the text itself.
//
// The zero Content is ready for use; times without zone are those of UTC.
type Content struct {
	Zone *time.Location // of times that say none

	values []byte // of the parts, one behind the other
	parts  []part
	bytes  []byte
}

type part struct {
	name     string
	from, to int // in values
}

// What a value is, so that no text equals an instant or a list by accident.
const (
	kindText    = 't'
	kindNumber  = 'n'
	kindInstant = 'i'
	kindList    = 'l'
	kindObject  = 'o'
	kindNull    = '0'
)

// Reset empties the content and keeps its memory.
func (c *Content) Reset() { c.values, c.parts = c.values[:0], c.parts[:0] }

// Add takes a value by what it looks like. In a column that is named like a field of events the field says what it means:
// texts such as ids and versions are compared as they are, countries by their code.
func (c *Content) Add(name, text string) {
	switch field, isField := fieldNames[name]; {
	case text == "":
	case !isField || field.looks:
		c.addLook(name, text)
	case field.meaning != nil:
		c.AddText(name, field.meaning(text))
	default:
		c.AddText(name, text)
	}
}

// AddText takes a text as it is.
func (c *Content) AddText(name, text string) {
	c.addPart(name, func(buf []byte) []byte { return append(append(buf, kindText), text...) })
}

// AddTime takes an instant, to the millisecond.
func (c *Content) AddTime(name string, ms int64) {
	c.addPart(name, func(buf []byte) []byte { return appendInstant(buf, time.UnixMilli(ms)) })
}

// Bytes are equal for equal contents, and for no others. They are valid until the next call.
func (c *Content) Bytes() []byte {
	byName := func(a, b part) int { return cmp.Compare(a.name, b.name) }
	if !slices.IsSortedFunc(c.parts, byName) {
		slices.SortStableFunc(c.parts, byName)
	}
	c.bytes = c.bytes[:0]
	for _, p := range c.parts {
		c.bytes = appendSized(c.bytes, func(buf []byte) []byte { return append(buf, p.name...) })
		c.bytes = appendSized(c.bytes, func(buf []byte) []byte { return append(buf, c.values[p.from:p.to]...) })
	}
	return c.bytes
}

func (c *Content) addPart(name string, value func([]byte) []byte) {
	from := len(c.values)
	c.values = value(c.values)
	c.parts = append(c.parts, part{name, from, len(c.values)})
}

func (c *Content) addLook(name, text string) {
	if value, ok := decodeNested(text); ok {
		c.addJSON(name, value)
		return
	}
	c.addPart(name, func(buf []byte) []byte { return appendLook(buf, text, c.zone()) })
}

// addJSON takes what an object holds by its path.
func (c *Content) addJSON(name string, value any) {
	switch v := value.(type) {
	case nil:
	case string:
		if v != "" {
			c.addLook(name, v)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			c.addJSON(name+"."+key, v[key])
		}
	default:
		c.addPart(name, func(buf []byte) []byte { return appendJSON(buf, v, c.zone()) })
	}
}

func (c *Content) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// SameJSON tells whether two JSON objects mean the same, as Content has it. An empty text is an object of nothing.
func SameJSON(a, b string) bool {
	if a == b {
		return true
	}
	var x, y Content
	x.Add("", a)
	y.Add("", b)
	return string(x.Bytes()) == string(y.Bytes())
}

// fieldMeaning is what a field of events makes of its values; without anything they are texts.
type fieldMeaning struct {
	looks   bool // a time or number: what it looks like
	meaning func(string) string
}

var fieldNames = func() map[string]fieldMeaning {
	names := map[string]fieldMeaning{}
	for _, field := range Fields {
		names[field.Name] = fieldMeaning{}
	}
	for _, name := range []string{"ts", "seq", "duration"} {
		names[name] = fieldMeaning{looks: true}
	}
	names["geo.country_iso_code"] = fieldMeaning{meaning: func(text string) string {
		return cmp.Or(country.Code(strings.TrimSpace(text)), text)
	}}
	names["action.frustration.type"] = fieldMeaning{meaning: func(text string) string {
		return strings.Join(slices.Compact(slices.Sorted(frustrationNames(text))), ",")
	}}
	return names
}()

// appendLook appends a text that is no JSON object or list.
func appendLook(buf []byte, text string, zone *time.Location) []byte {
	if looksLikeDate(text) {
		if ts, err := readTime(text, zone); err == nil {
			return appendInstant(buf, ts)
		}
	}
	if number, ok := appendNumber(append(buf, kindNumber), text); ok {
		return number
	}
	return append(append(buf, kindText), text...)
}

// looksLikeDate tells of texts that may be a date, 2026-05-17 or 2026/05/17, alone or with a time. It is cheap, while
// trying all layouts is not.
func looksLikeDate(text string) bool {
	if len(text) < 10 || len(text) > 10 && text[10] != ' ' && text[10] != 'T' && text[10] != 't' {
		return false
	}
	for i := range 10 {
		separator := i == 4 || i == 7
		if separator && text[i] != '-' && text[i] != '/' || !separator && (text[i] < '0' || text[i] > '9') {
			return false
		}
	}
	return true
}

func appendInstant(buf []byte, ts time.Time) []byte {
	buf = strconv.AppendInt(append(buf, kindInstant), ts.Unix(), 10)
	return strconv.AppendInt(append(buf, '.'), int64(ts.Nanosecond()), 10)
}

// decodeNested reads a text that is a JSON object or list.
func decodeNested(text string) (any, bool) {
	if text == "" || text[0] != '{' && text[0] != '[' || !utf8.ValidString(text) {
		return nil, false
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return value, err == io.EOF
}

// appendJSON appends a value of a list, or a list.
func appendJSON(buf []byte, value any, zone *time.Location) []byte {
	switch v := value.(type) {
	case []any:
		buf = append(buf, kindList)
		for _, item := range v {
			buf = appendSized(buf, func(buf []byte) []byte { return appendJSON(buf, item, zone) })
		}
		return buf
	case map[string]any:
		inner := Content{Zone: zone}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			inner.addJSON(key, v[key])
		}
		return append(append(buf, kindObject), inner.Bytes()...)
	case string:
		if nested, ok := decodeNested(v); ok {
			return appendJSON(buf, nested, zone)
		}
		return appendLook(buf, v, zone)
	case json.Number:
		return appendLook(buf, v.String(), zone)
	case bool:
		return strconv.AppendBool(append(buf, kindText), v)
	}
	return append(buf, kindNull)
}

// appendSized appends what follows with its length before it.
func appendSized(buf []byte, value func([]byte) []byte) []byte {
	start := len(buf)
	buf = value(append(buf, 0, 0, 0, 0))
	binary.BigEndian.PutUint32(buf[start:], uint32(len(buf)-start-4)) //nolint:gosec // values are far shorter
	return buf
}
