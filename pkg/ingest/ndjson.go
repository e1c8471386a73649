package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// ndjsonReader reads records from JSON objects, one per line or the elements of an array.
type ndjsonReader struct {
	rows   interface{ next(*record) error } // a lineReader or an arrayReader
	opened map[string]bool                  // paths of the objects that are read into, since a field or a mapped key lies in them
}

// newNDJSONReader reads into the objects that hold a field or one of the named columns; other objects are values.
func newNDJSONReader(r io.Reader, columns []string) *ndjsonReader {
	opened := map[string]bool{}
	open := func(name string) {
		for i, c := range name {
			if c == '.' {
				opened[name[:i]] = true
			}
		}
	}
	for _, field := range event.Fields {
		open(field.Name)
	}
	for _, name := range rumObjects {
		open(name + ".")
	}
	for _, name := range columns {
		open(name)
	}
	buffered := bufio.NewReaderSize(r, 64<<10)
	line, array := beginsArray(buffered)
	if array {
		return &ndjsonReader{rows: &arrayReader{r: buffered, line: line}, opened: opened}
	}
	return &ndjsonReader{rows: &lineReader{lines: buffered, line: line - 1}, opened: opened}
}

func (n *ndjsonReader) next(rec *record) error {
	if err := n.rows.next(rec); err != nil {
		return err
	}
	return n.parse(rec)
}

func (n *ndjsonReader) parse(rec *record) error {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(rec.raw, &object); err != nil || object == nil {
		return &badRow{reason: notAnObject(err)}
	}
	if err := n.flatten(rec, "", object); err != nil {
		return err
	}
	sortByName(rec.values)
	for i := 1; i < len(rec.values); i++ {
		if again := &rec.values[i]; again.name == rec.values[i-1].name && again.text != rec.values[i-1].text {
			again.bad = "is given twice, once with dots in its name and once in nested objects"
		}
	}
	return nil
}

func notAnObject(err error) string {
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return "not a JSON object, but null"
	case errors.As(err, &wrong):
		return "not a JSON object, but " + wrong.Value
	case err.Error() == "unexpected end of JSON input":
		return "broken JSON: the object does not end on its line; write one object a line, or an array of them (jq -c . FILE)"
	}
	return "broken JSON: " + err.Error()
}

func (n *ndjsonReader) flatten(rec *record, prefix string, object map[string]json.RawMessage) error {
	for key, raw := range object {
		name := prefix + key
		if raw[0] == '{' && n.opened[name] {
			var inner map[string]json.RawMessage
			if err := json.Unmarshal(raw, &inner); err != nil {
				return &badRow{field: name, reason: "broken JSON: " + err.Error()}
			}
			if err := n.flatten(rec, name+".", inner); err != nil {
				return err
			}
			continue
		}
		if reason := csvfile.Unreadable(name); reason != "" {
			rec.values = append(rec.values, value{name: strings.ToValidUTF8(strings.ReplaceAll(name, "\x00", "\ufffd"), "\ufffd"),
				text: string(raw), bad: "has a name that " + reason})
			continue
		}
		v, err := jsonValue(name, raw)
		if err != nil {
			return err
		}
		rec.values = append(rec.values, v)
	}
	return nil
}

// jsonValue makes a value of JSON text: a string as its text, null as nothing, all else as it is written.
func jsonValue(name string, raw json.RawMessage) (value, error) {
	v := value{name: name, text: string(raw), json: string(raw)}
	switch raw[0] {
	case '"':
		if err := json.Unmarshal(raw, &v.text); err != nil {
			return v, &badRow{field: name, reason: "broken JSON: " + err.Error()}
		}
	case 'n':
		v.text, v.json = "", ""
	case '{', '[':
		var compact bytes.Buffer
		if err := json.Compact(&compact, raw); err != nil {
			return v, &badRow{field: name, reason: "broken JSON: " + err.Error()}
		}
		v.text, v.json = compact.String(), compact.String()
	}
	if v.bad = csvfile.Unreadable(v.text); v.bad == "" {
		v.bad = csvfile.Unreadable(string(raw)) // whose bytes that are not UTF-8 became others in the text
	}
	return v, nil
}
