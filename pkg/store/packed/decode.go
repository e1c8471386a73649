package packed

import (
	"encoding/binary"
	"math"
	"slices"
)

// column is one of a packed session's columns, still packed.
type column struct {
	count int
	width int // bytes
	data  []byte
}

// Decode unpacks a session into s, whose slices it uses again. Whatever the bytes are, it takes no more than eight times as
// much memory, and fails or returns a session that Append packs.
func Decode(data []byte, s *Session) error {
	var all [columns]column
	if err := split(data, &all); err != nil {
		return err
	}
	if err := s.decodeSession(&all); err != nil {
		return err
	}
	if err := s.decodeEvents(&all); err != nil {
		return err
	}
	if err := s.Durations.decode(&all, len(s.Tokens)); err != nil {
		return err
	}
	for i := range s.Fields {
		if number := columnFirstField + 2*i; all[number].count == 0 && all[number+1].count == 0 {
			s.Fields[i].At, s.Fields[i].ID = s.Fields[i].At[:0], s.Fields[i].ID[:0]
			continue
		}
		if err := s.Fields[i].decode(&all, columnFirstField+2*i, len(s.Tokens)); err != nil {
			return err
		}
	}
	return nil
}

// split finds the columns, which come in the order of their numbers.
func split(data []byte, all *[columns]column) error {
	if len(data) < header {
		return Error("is empty")
	}
	if data[0] != Format {
		return errorf("is of format %d, this program knows %d", data[0], Format)
	}
	last := 0
	for rest := data[header:]; len(rest) > 0; {
		tag := rest[0]
		number, c := int(tag&tagNumber), column{width: 1 << (tag >> tagWidth & 3)}
		switch {
		case tag&tagLong != 0 && len(rest) >= 1+bytesOfLongCount:
			c.count, rest = int(binary.LittleEndian.Uint32(rest[1:])), rest[1+bytesOfLongCount:]
		case tag&tagLong == 0 && len(rest) >= 2:
			c.count, rest = int(rest[1]), rest[2:]
		default:
			return errorf("ends within the head of column %d", number)
		}
		if number <= last || !known[number] {
			return errorf("has a column %d after column %d", number, last)
		}
		if c.count > len(rest)/c.width {
			return errorf("ends within column %d", number)
		}
		c.data, rest = rest[:c.count*c.width], rest[c.count*c.width:]
		all[number], last = c, number
	}
	return nil
}

var known = func() (known [tagNumber + 1]bool) {
	for _, number := range []int{columnFlags, columnCounts, columnAttributes, columnTokens, columnOffsets, columnDurationsAt,
		columnWholeMS, columnFloatMS} {
		known[number] = true
	}
	for number := columnFirstField; number < columns; number++ {
		known[number] = true
	}
	return known
}()

// at is the i-th value.
func (c *column) at(i int) uint64 {
	switch c.width {
	case 1:
		return uint64(c.data[i])
	case 2:
		return uint64(binary.LittleEndian.Uint16(c.data[2*i:]))
	case 4:
		return uint64(binary.LittleEndian.Uint32(c.data[4*i:]))
	}
	return binary.LittleEndian.Uint64(c.data[8*i:])
}

// int32s unpacks a column into a slice; false where a value is below least or no int32.
func (c *column) int32s(to []int32, least int32) ([]int32, bool) {
	to, ok := slices.Grow(to[:0], c.count)[:c.count], true
	switch c.width {
	case 1:
		for i, v := range c.data {
			to[i] = int32(v)
			ok = ok && to[i] >= least
		}
	case 2:
		for i := range to {
			to[i] = int32(binary.LittleEndian.Uint16(c.data[2*i:]))
			ok = ok && to[i] >= least
		}
	default:
		for i := range to {
			v := c.at(i)
			to[i] = int32(v) //nolint:gosec // checked in the next line
			ok = ok && v <= math.MaxInt32 && to[i] >= least
		}
	}
	return to, ok
}

// int64s unpacks a column of whole numbers, those of 8 bytes as they are.
func (c *column) int64s(to []int64) []int64 {
	to = slices.Grow(to[:0], c.count)[:c.count]
	if c.width == 4 { // offsets, mostly
		for i := range to {
			to[i] = int64(binary.LittleEndian.Uint32(c.data[4*i:]))
		}
		return to
	}
	for i := range to {
		to[i] = int64(c.at(i)) //nolint:gosec // its bits
	}
	return to
}

func (s *Session) decodeSession(all *[columns]column) error {
	flags := &all[columnFlags]
	if flags.count != 1 {
		return errorf("has flags of %d sessions, not of one", flags.count)
	}
	if s.Kind = Kind(flags.at(0) & flagKind); s.Kind > None || flags.at(0) > flagTruncated|flagKind {
		return errorf("has the flags %d", flags.at(0))
	}
	s.Truncated = flags.at(0)&flagTruncated != 0
	want := 0
	if s.Truncated {
		want = countsOfSession
	}
	counts := &all[columnCounts]
	if counts.count != want {
		return errorf("has %d counts, not %d", counts.count, want)
	}
	var n [countsOfSession]int32
	if _, ok := counts.int32s(n[:0], 0); !ok {
		return Error("has a count that is none")
	}
	s.Counts = Counts{n[0], n[1], n[2], n[3], n[4]}
	s.Attributes = [Attributes]int32{}
	attributes := &all[columnAttributes]
	if attributes.count != 0 && attributes.count != Attributes {
		return errorf("has %d attributes, not %d", attributes.count, Attributes)
	}
	if _, ok := attributes.int32s(s.Attributes[:0], 0); !ok {
		return Error("has an attribute that is no id")
	}
	return nil
}

func (s *Session) decodeEvents(all *[columns]column) error {
	tokens, offsets := &all[columnTokens], &all[columnOffsets]
	if tokens.count == 0 || tokens.count != offsets.count {
		return errorf("has %d tokens and %d offsets", tokens.count, offsets.count)
	}
	var ok bool
	if s.Tokens, ok = tokens.int32s(s.Tokens, 1); !ok {
		return Error("has a token that is no id")
	}
	s.Offsets = offsets.int64s(s.Offsets)
	last := int64(0)
	for i, offset := range s.Offsets {
		if offset < last {
			return errorf("has an event %d that is earlier than the one before", i)
		}
		last = offset
	}
	return nil
}

// decodeAt unpacks which of some events a column is about.
func decodeAt(c *column, to []int32, values, events int) ([]int32, error) {
	if c.count != values {
		return to, errorf("has values of %d events and %d values", c.count, values)
	}
	to, ok := c.int32s(to, 0)
	for i, at := range to {
		ok = ok && int(at) < events && (i == 0 || at > to[i-1])
	}
	if !ok {
		return to, errorf("has values of other events than the %d there are, or not in their order", events)
	}
	return to, nil
}

func (d *Durations) decode(all *[columns]column, events int) (err error) {
	whole, float := &all[columnWholeMS], &all[columnFloatMS]
	if d.At, err = decodeAt(&all[columnDurationsAt], d.At, whole.count+float.count, events); err != nil {
		return err
	}
	if whole.count > 0 && float.count > 0 {
		return Error("has durations of both kinds")
	}
	d.MS = d.MS[:0]
	for i := range whole.count {
		if whole.at(i) >= maxWhole {
			return errorf("has the duration %d", whole.at(i))
		}
		d.MS = append(d.MS, float64(whole.at(i)))
	}
	for i := range float.count {
		ms := math.Float64frombits(float.at(i))
		if !(ms >= 0 && ms <= math.MaxFloat64) {
			return errorf("has the duration %v", ms)
		}
		d.MS = append(d.MS, ms)
	}
	return nil
}

func (f *IDs) decode(all *[columns]column, number, events int) (err error) {
	ids := &all[number+1]
	if f.At, err = decodeAt(&all[number], f.At, ids.count, events); err != nil {
		return err
	}
	var ok bool
	if f.ID, ok = ids.int32s(f.ID, 0); !ok {
		return errorf("has a value in column %d that is no id", number+1)
	}
	return nil
}
