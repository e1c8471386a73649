package event_test

import (
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// meaning is what a text says, computed plainly: what Content has to agree with.
func meaning(text string) string {
	if regexp.MustCompile(`^\d{4}[-/]\d\d[-/]\d\d([ Tt]|$)`).MatchString(text) {
		for _, layout := range []string{time.RFC3339Nano, time.DateOnly, time.DateTime, "2006-01-02 15:04:05Z07:00", "2006/01/02 15:04:05"} {
			if ts, err := time.Parse(layout, text); err == nil {
				return "at " + ts.UTC().Format(time.RFC3339Nano)
			}
		}
	}
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if decoder.Decode(&value) == nil && !decoder.More() {
		switch v := value.(type) {
		case json.Number:
			if exact, ok := new(big.Rat).SetString(v.String()); ok {
				return "number " + exact.String()
			}
		case []any:
			return "list" + fmt.Sprint(each(v))
		case map[string]any:
			return "object" + fmt.Sprint(paths("", v))
		}
	}
	return "text " + strconv.Quote(text)
}

func each(list []any) []string {
	var all []string
	for _, v := range list {
		all = append(all, meaningOf(v))
	}
	return all
}

func meaningOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case []any:
		return "list" + fmt.Sprint(each(v))
	case map[string]any:
		return "object" + fmt.Sprint(paths("", v))
	}
	return meaning(fmt.Sprint(value))
}

// paths are the values in an object with where they are, in order.
func paths(prefix string, object map[string]any) []string {
	var all []string
	for name, value := range object {
		if text, isText := value.(string); isText && strings.HasPrefix(text, "{") {
			var inner any
			if json.Unmarshal([]byte(text), &inner) == nil {
				value = inner
			}
		}
		switch v := value.(type) {
		case nil:
		case map[string]any:
			all = append(all, paths(prefix+name+".", v)...)
		default:
			if v != "" {
				all = append(all, fmt.Sprintf("%q: %s", prefix+name, meaningOf(v)))
			}
		}
	}
	slices.Sort(all)
	return all
}

var numerals = rapid.StringMatching(`-?(0|[1-9][0-9]{0,1})(\.[0-9]{1,3})?([eE][-+]?0?[0-2])?`)

// texts of few meanings in many spellings, so that pairs of them often mean the same.
var spelled = rapid.OneOf(
	numerals,
	rapid.SampledFrom([]string{
		"12.50", "12.5", "1250e-2", "1.25E1", "100", "1e2", "-0", "0.0", "0e9", "007", "7", "7.0", "+7", ".5", "5.", "0x7", "1e", "1e+", "NaN",
		"12345678901234567890", "12345678901234567891", "1234567890123456789e1",
		"2026-05-17", "2026-05-17 00:00:00", "2026-05-17T00:00:00Z", "2026-05-17 02:00:00+02:00", "2026/05/17 00:00:00",
		"2026-05-17T00:00:00.000Z", "2026-05-17T00:00:00.0001Z", "2026-05-18", "2026-02-30", "2026-05-17x", "2026-5-17",
		"true", "null", "a", "A", " a", "{", "[", "t", "n7", "i1.0",
		`{"a":1,"b":2}`, `{ "b": 2.0, "a": 1 }`, `{"a":"1","b":2,"c":null}`, `{"a":{"b":1}}`, `{"a.b":1.0}`, `{}`, `[]`, `[1, 2]`, `[1,2.0]`, `[2,1]`,
		`["1,2"]`, `[[1],2]`, `[1,[2]]`, `[{"a":1,"b":null}]`, `[{"a":1.0}]`, `[null]`, `[""]`, `{"at":"2026-05-17"}`, `{"at":"2026-05-17T00:00:00Z"}`,
	}),
)

func TestContentIsTheMeaning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := spelled.Draw(t, "a"), spelled.Draw(t, "b")
		if got, want := sameContent(a, b), sameMeaning(a, b); got != want {
			t.Fatalf("%s and %s: same content %v, same meaning %v (%s, %s)", a, b, got, want, meaning(a), meaning(b))
		}
	})
}

// sameContent compares two texts in one column, sameMeaning what they hold: nothing of an object is nothing at all.
func sameContent(a, b string) bool {
	var x, y event.Content
	x.Add("column", a)
	y.Add("column", b)
	return string(x.Bytes()) == string(y.Bytes())
}

func sameMeaning(a, b string) bool {
	of := func(text string) string { return fmt.Sprint(paths("", map[string]any{"column": decoded(text)})) }
	return of(a) == of(b)
}

func decoded(text string) any {
	var value any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if strings.HasPrefix(text, "{") && decoder.Decode(&value) == nil {
		return value
	}
	return text
}

// No text reads as the beginning of another part, and exponents that mean nothing cost nothing.
func TestContentTellsPartsApart(t *testing.T) {
	of := func(pairs ...string) string {
		var c event.Content
		for i := 0; i < len(pairs); i += 2 {
			c.Add(pairs[i], pairs[i+1])
		}
		return string(c.Bytes())
	}
	if of("a", "x", "b", "y") != of("b", "y", "a", "x") {
		t.Error("the order of columns must not matter")
	}
	for _, pair := range [][2]string{
		{of("a", "x", "b", "y"), of("a", "xb", "", "y")}, {of("a", "x\x00b"), of("a", "x", "", "b")}, {of("ab", "x"), of("a", "bx")},
		{of("a", "1e999999999"), of("a", "10e999999998")}, {of("a", `["a","b"]`), of("a", `["a\",\"b"]`)},
		{of("browser.version", "1.10"), of("browser.version", "1.1")}, {of("usr.id", "1e2"), of("usr.id", "100")},
	} {
		if pair[0] == pair[1] {
			t.Errorf("%q is said twice", pair[0])
		}
	}
	for _, pair := range [][2]string{
		{of("geo.country_iso_code", "Germany"), of("geo.country_iso_code", "de")},
		{of("action.frustration.type", `["rage_click", "dead_click"]`), of("action.frustration.type", "dead_click,rage_click")},
		{of("duration", "1e2"), of("duration", "100.0")},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%q and %q mean the same", pair[0], pair[1])
		}
	}
}

// An event without id is the same however it is spelled, and another one if it means anything else.
func TestIdentityWithoutIDIsTheMeaning(t *testing.T) {
	row := rapid.Custom(func(t *rapid.T) event.Row {
		pick := func(name string, values ...string) string { return rapid.SampledFrom(values).Draw(t, name) }
		return event.Row{
			Type: "custom", UserID: "ann",
			TS:         pick("ts", "2026-05-17 10:00:00", "2026-05-17T10:00:00Z", "2026-05-17T12:00:00.0009+02:00", "1779012000", "1779012000000", "1779012000001"),
			Seq:        pick("seq", "", "7", "70e-1", "8"),
			Duration:   pick("duration", "", "12.5", "12.50", "1.25e1", "13"),
			Country:    pick("country", "", "DE", "de", "Germany", "BR", "nowhere"),
			City:       pick("city", "1.0", "1"),
			Attributes: pick("attributes", "", "{}", `{"price":12.50,"of":{"a":1}}`, `{"of": {"a": 1.0}, "price": 12.5}`, `{"price":12.5,"of":{"a":2}}`, `{"price":13}`),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := row.Draw(t, "a"), row.Draw(t, "b")
		if got, want := keyOf(t, a) == keyOf(t, b), says(a) == says(b); got != want {
			t.Fatalf("%+v and %+v: same key %v, same meaning %v", a, b, got, want)
		}
	})
}

func keyOf(t rapid.TB, row event.Row) event.Key {
	e, why := event.Parse(&row, now)
	if why != nil {
		t.Fatal(why)
	}
	return e.Key
}

// says is what a row of the test means.
func says(row event.Row) string {
	ts, _ := event.ParseTime(row.TS)
	country := strings.NewReplacer("de", "DE", "Germany", "DE").Replace(row.Country)
	number := func(text string) string {
		n, _ := strconv.ParseFloat(text, 64)
		return fmt.Sprint(text != "", n)
	}
	return fmt.Sprint(ts.UnixMilli(), number(row.Seq), number(row.Duration), country, row.City, paths("", map[string]any{"": decoded(row.Attributes)}))
}
