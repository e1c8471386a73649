package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// ndjsonReader reads records from one JSON object per line.
type ndjsonReader struct {
	lines  *bufio.Reader
	line   int
	buf    []byte
	opened map[string]bool // paths of the objects that are read into, since a field or a mapped key lies in them
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
	for _, name := range columns {
		open(name)
	}
	return &ndjsonReader{lines: bufio.NewReaderSize(r, 64<<10), opened: opened}
}

func (n *ndjsonReader) next(rec *record) error {
	for {
		long, err := n.readLine()
		rec.line, rec.raw, rec.values = n.line, n.buf, rec.values[:0]
		if err != nil {
			return err
		}
		if long {
			return &badRow{reason: fmt.Sprintf("a line of more than %d MB", maxRow>>20)}
		}
		if len(bytes.TrimSpace(n.buf)) > 0 {
			return n.parse(rec)
		}
	}
}

// readLine puts the next line into buf; long tells that it was cut at maxRow. A last line that ends with an error of
// the source is not returned: it may be cut off.
func (n *ndjsonReader) readLine() (long bool, err error) {
	n.buf = n.buf[:0]
	n.line++
	for {
		part, err := n.lines.ReadSlice('\n')
		if len(n.buf)+len(part) > maxRow {
			long = true
		} else {
			n.buf = append(n.buf, part...)
		}
		switch {
		case err == nil, errors.Is(err, io.EOF) && (len(n.buf) > 0 || long):
			return long, nil
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF):
			return false, io.EOF
		}
		return false, fmt.Errorf("after line %d: %w", n.line-1, readError(err))
	}
}

func (n *ndjsonReader) parse(rec *record) error {
	if !utf8.Valid(n.buf) {
		return &badRow{reason: "is not UTF-8"}
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(n.buf, &object); err != nil || object == nil {
		return &badRow{reason: notAnObject(err)}
	}
	if err := n.flatten(rec, "", object); err != nil {
		return err
	}
	sortByName(rec.values)
	for i := 1; i < len(rec.values); i++ {
		if name := rec.values[i].name; name == rec.values[i-1].name {
			return &badRow{field: name, reason: "is given twice, once with dots in its name and once in nested objects"}
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
	if reason := csvfile.Unreadable(v.text); reason != "" {
		return v, &badRow{field: name, reason: reason}
	}
	if reason := csvfile.Unreadable(name); reason != "" {
		return v, &badRow{reason: fmt.Sprintf("the name %q %s", name, reason)}
	}
	return v, nil
}
