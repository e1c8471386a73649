package blocks

import (
	"bytes"
	"slices"
	"strings"
)

// Values are those of one attribute of a block's events, which stand beside the block: as it is packed, or not at all where
// they are too long.
type Values struct {
	Format int16
	Packed bool // false: whoever asks reads the events
	Texts  []byte
	Events []byte
}

// PackedNames are the attributes of events that are packed, ascending, in SQL: in this order tail.said has them.
const PackedNames = `array(select name from footfall.packed_attributes order by name collate "C")`

// What is longer is not packed: a value, or the different values of a block together, in bytes.
const (
	MaxValue  = 256
	MaxValues = 4 << 20
)

// EncodeValues packs the value of each event of a block: JSON as PostgreSQL writes it, or "" for none. No value has a line
// break: PostgreSQL writes none.
func EncodeValues(values []string) Values {
	texts := slices.Compact(slices.Sorted(slices.Values(values)))
	if len(texts) > 0 && texts[0] == "" {
		texts = texts[1:]
	}
	size := 0
	for _, text := range texts {
		size += len(text) + 1
		if len(text) > MaxValue || size > MaxValues {
			return Values{Format: Format}
		}
	}
	ids := make(map[string]int32, len(texts)+1)
	for i, text := range texts {
		ids[text] = int32(i + 1)
	}
	events := make([]int32, len(values))
	for i, value := range values {
		events[i] = ids[value]
	}
	v := Values{Format: Format, Packed: true, Events: encodeInts(events)}
	if len(texts) > 0 {
		v.Texts = compress(lines, []byte(strings.Join(texts, "\n")))
	}
	return v
}

// EventValues are values unpacked.
type EventValues struct {
	Of    []int32  // of each event of the block: which of the texts, counted from 1; 0 for none
	Texts []string // ascending

	ints IntReader
}

// Decode unpacks the values of a block of so many events, into memory that is used again; the texts stay good.
func (to *EventValues) Decode(v *Values, events int) (err error) {
	if v.Format != Format || !v.Packed {
		return errorf("has values of format %d that are packed: %t; this program knows %d", v.Format, v.Packed, Format)
	}
	if to.Texts, err = DecodeTexts(v.Texts); err != nil {
		return err
	}
	to.Of, err = to.ints.Decode(v.Events, to.Of, events, len(to.Texts))
	return err
}

// DecodeTexts unpacks the texts of values.
func DecodeTexts(stored []byte) (texts []string, err error) {
	if len(stored) == 0 {
		return nil, nil
	}
	var v values
	if err := v.decompress(stored, MaxValues); err != nil {
		return nil, errorf("has texts of values that %v", err)
	}
	if v.kind != lines || len(v.raw) == 0 {
		return nil, errorf("has texts of values that are none")
	}
	for line := range bytes.SplitSeq(v.raw, []byte{'\n'}) {
		if len(texts) > 0 && texts[len(texts)-1] >= string(line) || len(line) == 0 {
			return nil, errorf("has texts of values that are not in their order")
		}
		texts = append(texts, string(line))
	}
	return texts, nil
}

// IntReader unpacks the events of values, into memory that is used again.
type IntReader struct{ values values }

// Decode unpacks which of so many texts each event has, counted from 1.
func (r *IntReader) Decode(stored []byte, to []int32, events, texts int) ([]int32, error) {
	err := r.values.decompress(stored, events)
	if err == nil {
		to, err = ints(&r.values, to, events, uint64(texts)) //nolint:gosec // not negative
	}
	if err != nil {
		return to, errorf("has values of events that %v", err)
	}
	return to, nil
}
