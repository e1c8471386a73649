package event

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Beyond these Postgres refuses a JSON value, or might.
const (
	maxDepth  = 64
	maxNumber = 400 // digits
)

// parseAttributes splits the JSON object: keys that start with usr. describe the user, the rest describes the event. What
// Postgres would not take is left out, by key; and so are the longest values while all together are too long.
func parseAttributes(e *Event, row *Row) {
	traits := map[string]any{}
	if row.Attributes != "" {
		attributes := e.storableAttributes(row.Attributes)
		for key, value := range attributes {
			if !strings.HasPrefix(key, "usr.") {
				continue
			}
			if value != nil {
				traits[key] = value
			}
			delete(attributes, key)
		}
		e.Attributes = encodeObject(attributes)
	}
	if row.UserName != "" {
		traits["usr.name"] = row.UserName
	}
	if row.UserEmail != "" {
		traits["usr.email"] = row.UserEmail
	}
	e.Traits = encodeObject(traits)
}

// storableAttributes reads the object without what cannot be stored; nil where nothing can.
func (e *Event) storableAttributes(text string) map[string]any {
	reason := checkText(text, maxAttributesRead)
	var attributes map[string]any
	if reason == "" {
		var err error
		if attributes, err = decodeObject(text); err != nil {
			reason = err.Error()
		}
	}
	if reason != "" {
		e.flaw(AttributesField, text, reason)
		return nil
	}
	for key, value := range attributes {
		if err := errors.Join(checkValue(key, 0), checkValue(value, 1)); err != nil {
			e.flaw(AttributesField, key, err.Error())
			delete(attributes, key)
		}
	}
	e.shortenAttributes(attributes, len(text))
	return attributes
}

// shortenAttributes takes out the longest values until the others fit.
func (e *Event) shortenAttributes(attributes map[string]any, size int) {
	if size <= maxAttributes {
		return
	}
	lengths := map[string]int{}
	for key, value := range attributes {
		lengths[key] = len(encodeObject(map[string]any{key: value}))
	}
	byLength := slices.SortedFunc(maps.Keys(lengths), func(a, b string) int {
		return cmp.Or(cmp.Compare(lengths[b], lengths[a]), cmp.Compare(a, b))
	})
	size = len(encodeObject(attributes))
	for _, key := range byLength {
		if size <= maxAttributes {
			return
		}
		e.flaw(AttributesField, key, fmt.Sprintf(
			"is left out, the longest: all attributes together may have %d bytes", maxAttributes))
		delete(attributes, key)
		size -= lengths[key] - 1 // two braces less, a comma more
	}
}

func decodeObject(text string) (map[string]any, error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		return nil, errors.New("is not JSON")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("is more than one JSON value; send one object")
	}
	object, ok := value.(map[string]any)
	if !ok {
		return nil, errors.New(`is not a JSON object such as {"price": 12}`)
	}
	return object, nil
}

// IsJSON tells whether a text is one JSON value that Postgres can hold.
func IsJSON(text string) bool {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if decoder.Decode(&value) != nil || checkValue(value, 0) != nil {
		return false
	}
	_, err := decoder.Token()
	return err == io.EOF
}

// checkValue refuses what JSON allows and Postgres' jsonb does not take.
func checkValue(value any, depth int) error {
	if depth > maxDepth {
		return fmt.Errorf("is nested deeper than %d levels; flatten it", maxDepth)
	}
	switch v := value.(type) {
	case string:
		if strings.IndexByte(v, 0) >= 0 {
			return errors.New(`holds a NUL character (\u0000), which Postgres cannot store; remove it`)
		}
	case json.Number:
		number, err := strconv.ParseFloat(v.String(), 64)
		tooSmall := number == 0 && strings.ContainsAny(strings.SplitN(strings.ToLower(v.String()), "e", 2)[0], "123456789")
		if err != nil || tooSmall || len(v) > maxNumber {
			return errors.New("holds a number that is too large or too fine for 64 bits")
		}
	case []any:
		for _, item := range v {
			if err := checkValue(item, depth+1); err != nil {
				return err
			}
		}
	case map[string]any:
		for key, item := range v {
			if err := checkValue(key, depth); err != nil {
				return err
			}
			if err := checkValue(item, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// encodeObject writes an object with its keys in order, so that equal objects are equal texts; "" when empty.
func encodeObject(object map[string]any) string {
	if len(object) == 0 {
		return ""
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(object); err != nil {
		panic("event: a decoded JSON object must encode: " + err.Error())
	}
	return strings.TrimSuffix(out.String(), "\n")
}

// EachAttribute calls visit with each name of a JSON object and its value as JSON, but for null, which is no value.
// The object must be valid, as Parse and Postgres write it. It allocates nothing for names without escapes.
func EachAttribute(object string, visit func(name, value string)) {
	for at := strings.IndexByte(object, '"'); at >= 0; {
		end := at + stringLength(object[at:])
		name := object[at+1 : end-1]
		if strings.IndexByte(name, '\\') >= 0 {
			_ = json.Unmarshal([]byte(object[at:end]), &name) // it is valid
		}
		from := end + 1 // after the colon
		for object[from] == ' ' {
			from++
		}
		to := from + valueLength(object[from:])
		if value := object[from:to]; value != "null" {
			visit(name, value)
		}
		if at = strings.IndexByte(object[to:], '"'); at >= 0 {
			at += to
		}
	}
}

// EachName is EachAttribute for the values in objects too, each with its path: cart.total. Objects themselves are none.
func EachName(object string, visit func(name, value string)) {
	EachAttribute(object, func(name, value string) {
		if !strings.HasPrefix(value, "{") {
			visit(name, value)
			return
		}
		EachName(value, func(inner, value string) { visit(name+"."+inner, value) })
	})
}

// stringLength is the length of the JSON string that text starts with, quotes included.
func stringLength(text string) int {
	for i := 1; ; i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// valueLength is the length of the JSON value that text, the rest of an object, starts with.
func valueLength(text string) int {
	depth := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			i += stringLength(text[i:]) - 1
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
		case ',':
			if depth == 0 {
				return i
			}
		}
	}
	return len(text)
}
