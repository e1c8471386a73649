package ingest

import (
	"cmp"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/csvfile"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// maxRow is the longest row that is read, in bytes: it bounds the memory a broken file can take.
const maxRow = 16 << 20

// record is one row as it was read: what it says, not yet what it means.
type record struct {
	line   int // of the file, from 1
	values []value
	raw    []byte // the row's bytes, valid until the next one is read
}

// value is one named value of a record. Records keep them ordered by name.
type value struct {
	name string
	text string
	json string // the value as JSON, where the format knows its type
	bad  string // why it cannot be taken; "" if it can
}

// reader reads records. next returns io.EOF at the end; a *badRow concerns one row only, with the record's line and raw
// bytes filled in, and reading goes on after it; any other error ends the file.
type reader interface {
	next(*record) error
}

// badRow is why a row cannot be taken. Field is empty where it is about the row as a whole.
type badRow struct {
	field  string
	value  string // what was sent, where the reason speaks of it
	reason string // the same for all rows that are bad in the same way
}

func (b *badRow) Error() string {
	reason := (&event.Rejection{Value: b.value, Reason: b.reason}).Text()
	if b.field == "" {
		return reason
	}
	return b.field + ": " + reason
}

// newValue makes a value of a text that may not be storable.
func newValue(name, text string) value {
	return value{name: name, text: text, bad: csvfile.Unreadable(text)}
}

func sortByName(values []value) {
	slices.SortFunc(values, func(a, b value) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.text, b.text)) })
}
