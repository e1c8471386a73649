// Package packed is the format in which footfall.tail keeps a session: all its steps in one value, from which questions over
// many sessions are answered without reading sessions or events. docs/data-model.md says what every byte means.
package packed

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Kind is whose a session is.
type Kind uint8

// The kinds of footfall.user_kind.
const (
	User      Kind = iota // of a usr.id
	Anonymous             // of a usr.anonymous_id
	None                  // of nobody
)

// IsUser tells whether it is a user, or a visitor where these count as users.
func (k Kind) IsUser(includeAnonymous bool) bool {
	return k == User || k == Anonymous && includeAnonymous
}

// Kinds are the kinds as footfall.user_kind names them.
var Kinds = map[string]Kind{"usr": User, "anonymous": Anonymous, "none": None}

// Attributes is how many attributes a session has: application, country, region, city, device type, OS name, OS version,
// browser name, browser version.
const Attributes = 9

// Field is a field of events that a session keeps beside their tokens.
type Field int

// The fields, in the order of Session.Fields.
const (
	ViewName Field = iota
	ActionType
	ActionTarget
	ErrorType
	Fields // how many there are
)

// Session is a session unpacked. Who it is of, when it starts and when it ends stand beside the packed value.
type Session struct {
	Kind       Kind
	Truncated  bool              // it has more events than are held here
	Counts     Counts            // of truncated sessions; those of others can be told from the tokens
	Attributes [Attributes]int32 // ids in footfall.dictionary, 0 for null
	Tokens     []int32           // ids in footfall.tokens, in event order
	Offsets    []int64           // of the same events: milliseconds since the start, ascending
	Durations  Durations
	// Of an event that is not listed, the view name is the token's name where it is a view's, the error type the token's
	// where it is an error's; everything else is null.
	Fields [Fields]IDs
}

// Counts are of all events of a session, those not held here too.
type Counts struct {
	Events, Views, Actions, Errors, Frustrations int32
}

// IDs are dictionary ids of a field, 0 for null, of some events.
type IDs struct {
	At []int32 // which events, by their index, ascending
	ID []int32
}

// Add appends the id of a later event.
func (f *IDs) Add(at int, id int32) {
	f.At, f.ID = append(f.At, int32(at)), append(f.ID, id) //nolint:gosec // an index into a session
}

// Durations are those of the events that have one.
type Durations struct {
	At []int32 // which events, by their index, ascending
	MS []float64
}

// Add appends the duration of a later event.
func (d *Durations) Add(at int, ms float64) {
	d.At, d.MS = append(d.At, int32(at)), append(d.MS, ms) //nolint:gosec // an index into a session
}

// Default is what a field of an event is where Session.Fields lists no other, for an event with a token of a type
// (footfall.event_type) and a name.
func Default(field Field, tokenType string, tokenName int32) int32 {
	if field == ViewName && tokenType == "view" || field == ErrorType && tokenType == "error" {
		return tokenName
	}
	return 0
}

// Format is the number that every packed session begins with.
const Format = 1

// Columns, by their numbers. 2 and 6 are for blocks of many sessions: how many events each has, and a list of tokens that
// column 7 refers to.
const (
	columnFlags       = 1
	columnCounts      = 3
	columnAttributes  = 4
	columnTokens      = 7
	columnOffsets     = 8
	columnDurationsAt = 9
	columnWholeMS     = 10
	columnFloatMS     = 11
	columnFirstField  = 12 // two for each field: which events, and the ids
	columns           = columnFirstField + 2*int(Fields)
	countsOfSession   = 5
	flagTruncated     = 1 << 2
	flagKind          = flagTruncated - 1
	tagNumber         = 1<<5 - 1
	tagWidth          = 5 // the shift of two bits: the width is 1, 2, 4 or 8 bytes
	tagLong           = 1 << 7
	maxWhole          = 1 << 53 // from here on floating point skips integers
	shortCount        = math.MaxUint8
	header            = 1
	bytesOfLongCount  = 4
)

// Append packs a session and appends it to dst. Equal sessions are equal bytes.
func (s *Session) Append(dst []byte) []byte {
	dst = append(dst, Format)
	flags := int32(s.Kind)
	if s.Truncated {
		flags |= flagTruncated
	}
	dst = appendColumn(dst, columnFlags, []int32{flags})
	if s.Truncated {
		c := s.Counts
		dst = appendColumn(dst, columnCounts, []int32{c.Events, c.Views, c.Actions, c.Errors, c.Frustrations})
	}
	if s.Attributes != [Attributes]int32{} {
		dst = appendColumn(dst, columnAttributes, s.Attributes[:])
	}
	dst = appendColumn(dst, columnTokens, s.Tokens)
	dst = appendColumn(dst, columnOffsets, s.Offsets)
	dst = s.Durations.append(dst)
	for i, field := range s.Fields {
		dst = appendColumn(dst, columnFirstField+2*i, field.At)
		dst = appendColumn(dst, columnFirstField+2*i+1, field.ID)
	}
	return dst
}

// append packs durations as integers where all are, else as floating-point numbers.
func (d Durations) append(dst []byte) []byte {
	dst = appendColumn(dst, columnDurationsAt, d.At)
	number, values := columnWholeMS, make([]int64, len(d.MS))
	for i, ms := range d.MS {
		values[i] = int64(ms)
		if ms < 0 || ms >= maxWhole || float64(values[i]) != ms {
			number = columnFloatMS
			break
		}
	}
	if number == columnFloatMS {
		for i, ms := range d.MS {
			values[i] = int64(math.Float64bits(ms)) //nolint:gosec // bits
		}
	}
	return appendColumn(dst, number, values)
}

// appendColumn appends a column, in the least width that holds its values; nothing for one without values.
func appendColumn[T int32 | int64](dst []byte, number int, values []T) []byte {
	if len(values) == 0 {
		return dst
	}
	var bits uint64
	for _, v := range values { // only floating-point numbers' bits are negative: they take all 8 bytes
		bits |= uint64(v)
	}
	width := 0
	for width < 3 && bits>>(8<<width) != 0 {
		width++
	}
	tag := byte(number | width<<tagWidth) //nolint:gosec // 5 bits and 2
	if len(values) <= shortCount {
		dst = append(dst, tag, byte(len(values))) //nolint:gosec // checked above
	} else {
		dst = binary.LittleEndian.AppendUint32(append(dst, tag|tagLong), uint32(len(values))) //nolint:gosec // far below
	}
	for _, v := range values {
		switch width {
		case 0:
			dst = append(dst, byte(v))
		case 1:
			dst = binary.LittleEndian.AppendUint16(dst, uint16(v))
		case 2:
			dst = binary.LittleEndian.AppendUint32(dst, uint32(v))
		default:
			dst = binary.LittleEndian.AppendUint64(dst, uint64(v))
		}
	}
	return dst
}

// Error says what is wrong with packed bytes.
type Error string

func (e Error) Error() string { return "a packed session " + string(e) }

func errorf(format string, args ...any) error { return Error(fmt.Sprintf(format, args...)) }
