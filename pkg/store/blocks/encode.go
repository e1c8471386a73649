package blocks

import (
	"math"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// noDuration stands in a column of floating-point durations for none.
var noDuration = math.NaN()

// maxWhole: from here on floating point skips integers.
const maxWhole = 1 << 53

// flagTruncated stands beside the kind of user: the session has more events than are held.
const (
	flagTruncated = 1 << 2
	flagKind      = flagTruncated - 1
	totals        = 5 // of a truncated session: events, views, actions, errors, frustrations
)

// Encode makes a block of sessions in the order of Compare, at least one.
func Encode(sessions []Session) Block {
	e := newEncoder(sessions)
	for i, s := range sessions {
		e.addSession(i, s)
		e.addEvents(s)
	}
	b := Block{
		Format: Format, Sessions: int32(len(sessions)), Events: int32(len(e.tokens)), //nolint:gosec // Split sees to it
		MinStart: sessions[0].Start, MaxStart: sessions[len(sessions)-1].Start, MaxEnd: e.maxEnd,
	}
	for column, list := range map[Column][]int64{
		Keys: e.keys, Starts: e.starts, Ends: e.ends, Offsets: e.offsets,
	} {
		b.Columns[column] = encodeInts(list)
	}
	list := slices.Compact(slices.Sorted(slices.Values(e.tokens)))
	for column, list := range map[Column][]int32{
		Users: e.users, Flags: e.flags, Counts: e.counts, Totals: e.totals, Attributes: e.attributes,
		List: differences(list), Tokens: places(e.tokens, list),
	} {
		b.Columns[column] = encodeInts(list)
	}
	b.Columns[Durations] = e.encodeDurations()
	for field := range packed.Fields {
		b.Columns[ViewNames+Column(field)] = encodeInts(e.fields[field])
	}
	return b
}

// encoder holds the columns of a block as they are stored, but for tokens.
type encoder struct {
	keys, starts, ends, offsets              []int64
	users, flags, counts, totals, attributes []int32
	tokens                                   []int32 // as they are
	durations                                []float64
	fractions                                bool // some duration is no whole number
	fields                                   [packed.Fields][]int64
	sessions                                 int
	last, maxEnd                             int64
}

func newEncoder(sessions []Session) *encoder {
	n, events := len(sessions), 0
	for _, s := range sessions {
		events += len(s.Tokens)
	}
	e := &encoder{
		attributes: make([]int32, packed.Attributes*n), durations: make([]float64, 0, events), sessions: n,
		last: sessions[0].Start, maxEnd: math.MinInt64,
	}
	for field := range e.fields {
		e.fields[field] = make([]int64, 0, events)
	}
	return e
}

func (e *encoder) addSession(i int, s Session) {
	e.users, e.keys = append(e.users, s.User), append(e.keys, s.Key)
	e.starts, e.last = append(e.starts, s.Start-e.last), s.Start
	held := s.Start
	if n := len(s.Offsets); n > 0 {
		held += s.Offsets[n-1]
	}
	e.ends, e.maxEnd = append(e.ends, s.End-held), max(e.maxEnd, s.End)
	flags := int32(s.Kind)
	if s.Truncated {
		flags |= flagTruncated
		c := s.Counts
		e.totals = append(e.totals, c.Events, c.Views, c.Actions, c.Errors, c.Frustrations)
	}
	e.flags, e.counts = append(e.flags, flags), append(e.counts, int32(len(s.Tokens))) //nolint:gosec // far below
	for attribute, id := range s.Attributes {
		e.attributes[attribute*e.sessions+i] = id
	}
}

func (e *encoder) addEvents(s Session) {
	last := int64(0)
	for _, offset := range s.Offsets {
		e.offsets, last = append(e.offsets, offset-last), offset
	}
	from, events := len(e.tokens), len(s.Tokens)
	e.tokens = append(e.tokens, s.Tokens...)
	for range events {
		e.durations = append(e.durations, noDuration)
	}
	for i, at := range s.Durations.At {
		ms := s.Durations.MS[i]
		e.durations[from+int(at)] = ms
		e.fractions = e.fractions || ms < 0 || ms >= maxWhole || ms != math.Trunc(ms)
	}
	for field, ids := range s.Fields {
		e.fields[field] = e.fields[field][:from+events] // it was made large enough, of zeros
		for i, at := range ids.At {
			e.fields[field][from+int(at)] = int64(ids.ID[i]) + 1
		}
	}
}

// encodeDurations writes whole numbers where all are, one greater than they are, so that 0 is for none.
func (e *encoder) encodeDurations() []byte {
	if e.fractions {
		return encodeDoubles(e.durations)
	}
	whole := make([]int64, len(e.durations))
	for i, ms := range e.durations {
		if ms >= 0 { // not noDuration
			whole[i] = int64(ms) + 1
		}
	}
	return encodeInts(whole)
}

// differences are those of ascending numbers to the one before.
func differences(list []int32) []int32 {
	steps, last := make([]int32, len(list)), int32(0)
	for i, v := range list {
		steps[i], last = v-last, v
	}
	return steps
}

// places are where values stand in a sorted list.
func places(values, list []int32) []int32 {
	at := make(map[int32]int32, len(list))
	for i, v := range list {
		at[v] = int32(i)
	}
	places := make([]int32, len(values))
	for i, v := range values {
		places[i] = at[v]
	}
	return places
}
