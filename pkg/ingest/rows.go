package ingest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// rowBuilder makes inbox rows of a file's records.
type rowBuilder struct {
	plan       plan
	constants  []constant
	ids        *identifier
	file       string
	row        event.Row
	attributes []byte
	joined     []target // made of templates, by name
	agents     agents
	userAgent  string       // of the row
	viewURL    string       // of the row
	flaws      []event.Flaw // of the row: values that were left out
}

func newRowBuilder(p plan, file string) *rowBuilder {
	return &rowBuilder{
		plan: p, constants: p.sortedConstants(), ids: newIdentifier(p), file: file,
		joined: slices.SortedFunc(maps.Keys(p.joined), compareTargets), agents: agents{},
	}
}

// build makes the row of a record; seq is its order where no column gives one. The row is valid until the next call.
func (b *rowBuilder) build(rec *record, seq int64) (*event.Row, *badRow) {
	b.row = event.Row{Source: b.file + ":" + strconv.Itoa(rec.line)}
	b.row.Seq = strconv.FormatInt(seq, 10)
	b.userAgent, b.viewURL = "", ""
	b.attributes, b.flaws = b.attributes[:0], b.flaws[:0]
	for _, c := range b.constants {
		if bad := b.put(c.to, value{text: c.value}); bad != nil {
			return nil, bad
		}
	}
	for _, v := range rec.values {
		targets, err := b.plan.of(v.name)
		if err != nil {
			return nil, &badRow{field: v.name, reason: err.Error()}
		}
		for _, to := range targets {
			given := v
			if to.name != v.name {
				given = b.plan.translateColumn(v)
			}
			if bad := b.put(to, given); bad != nil {
				return nil, bad
			}
		}
	}
	for _, to := range b.joined {
		if bad := b.put(to, newValue(to.name, b.plan.joined[to].fill(rec.values, isID(to), b.plan.translateColumn))); bad != nil {
			return nil, bad
		}
	}
	if bad := b.putUserAgent(); bad != nil {
		return nil, bad
	}
	b.putRUM(rec.values)
	if len(b.attributes) > 0 {
		b.row.Attributes = string(append(b.attributes, '}'))
	}
	if b.row.ID == "" {
		b.row.ID = b.ids.id(rec.values, b.row.TS)
	}
	return &b.row, nil
}

// dropNulls empties the values that mean "not said".
func (p plan) dropNulls(values []value) {
	if len(p.null) == 0 {
		return
	}
	for i, v := range values {
		if p.null[v.text] {
			values[i] = value{name: v.name}
		}
	}
}

// frustrationField is the one field that may be a JSON list.
const frustrationField = "action.frustration.type"

func (b *rowBuilder) put(to target, v value) *badRow {
	if t, ok := b.plan.values[to]; ok {
		v = t.of(v)
	}
	if to.name == userAgentField && v.bad == "" {
		b.userAgent = v.text
		return nil
	}
	if to.name == "ts" {
		v = b.plan.times.rewrite(v)
	}
	if to.name == viewURLField && v.bad == "" {
		b.viewURL = v.text // kept as an attribute as well
	}
	if to.field != nil && v.bad == "" && v.json != "" && (v.json[0] == '{' || v.json[0] == '[' && to.name != frustrationField) {
		v.bad = "is a JSON object or list; send a text or a number"
	}
	switch {
	case v.bad != "" && to.field != nil && to.field.Rejects:
		return &badRow{field: to.name, value: event.Shorten(v.text), reason: v.bad}
	case v.bad != "":
		b.flaws = append(b.flaws, event.Flaw{Field: to.name, Value: event.Shorten(v.text), Reason: v.bad})
		return nil
	case to.field != nil:
		*to.field.Of(&b.row) = v.text
		return nil
	case v.text == "":
		return nil
	}
	separator := byte(',')
	if len(b.attributes) == 0 {
		separator = '{'
	}
	b.attributes = append(b.attributes, separator)
	b.attributes = append(appendJSONText(b.attributes, to.name), ':')
	switch {
	case v.json != "":
		b.attributes = append(b.attributes, v.json...)
	case isPlainNumber(v.text):
		b.attributes = append(b.attributes, v.text...)
	default:
		b.attributes = appendJSONText(b.attributes, v.text)
	}
	return nil
}

// plainNumber are the texts of a CSV file that become JSON numbers: those Postgres gives back as they were written.
// So 0123, 1e5, -0 and identifiers of more than 15 digits stay text.
var plainNumber = regexp.MustCompile(`^(0|-?[1-9][0-9]{0,14}|(0|-?[1-9][0-9]{0,9})\.[0-9]{1,5}|-0\.[0-9]{0,4}[1-9])$`)

func isPlainNumber(text string) bool {
	// Most texts are told apart by their first byte, without the regular expression.
	return (text[0] == '-' || '0' <= text[0] && text[0] <= '9') && plainNumber.MatchString(text)
}

// appendJSONText appends a text in quotes; most texts need nothing else.
func appendJSONText(buf []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' {
			quoted, err := json.Marshal(text)
			if err != nil {
				panic(fmt.Sprintf("quote a text: %v", err)) // json.Marshal does not fail on strings
			}
			return append(buf, quoted...)
		}
	}
	buf = append(buf, '"')
	buf = append(buf, text...)
	return append(buf, '"')
}
