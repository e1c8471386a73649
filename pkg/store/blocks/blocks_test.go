package blocks_test

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

const day = 24 * 60 * 60 * 1000

// draw draws sessions as the worker may have them, and ones without any event.
func draw(t *rapid.T) []blocks.Session {
	ms := rapid.OneOf(rapid.Float64Range(0, 1e15), rapid.Map(rapid.Int64Range(0, 1e15), func(n int64) float64 { return float64(n) }))
	if rapid.Bool().Draw(t, "whole durations") {
		ms = rapid.Map(rapid.Int64Range(0, 90_000), func(n int64) float64 { return float64(n) })
	}
	id := rapid.OneOf(rapid.Int32Range(1, 3), rapid.Int32Range(200, 70_000), rapid.Int32Range(1, math.MaxInt32))
	idOrNull := rapid.OneOf(rapid.Just(int32(0)), id)
	origin := rapid.SampledFrom([]int64{0, 946_684_800_000, 1_700_000_000_000}).Draw(t, "origin")
	long := rapid.IntRange(0, 30).Draw(t, "long") // which session, if there are as many
	var list []blocks.Session
	for i := range rapid.IntRange(1, 12).Draw(t, "sessions") {
		s := blocks.Session{
			User: id.Draw(t, "user"), Key: rapid.Int64().Draw(t, "key"),
			Start: origin + rapid.OneOf(rapid.Int64Range(0, 2), rapid.Int64Range(0, 1e11)).Draw(t, "start"),
		}
		s.Kind = rapid.SampledFrom([]packed.Kind{packed.User, packed.Anonymous, packed.None}).Draw(t, "kind")
		if s.Truncated = rapid.IntRange(0, 4).Draw(t, "truncated") == 0; s.Truncated {
			n := rapid.SliceOfN(rapid.Int32Range(0, math.MaxInt32), 5, 5).Draw(t, "counts")
			s.Counts = packed.Counts{Events: n[0], Views: n[1], Actions: n[2], Errors: n[3], Frustrations: n[4]}
		}
		if rapid.Bool().Draw(t, "has attributes") {
			copy(s.Attributes[:], rapid.SliceOfN(idOrNull, packed.Attributes, packed.Attributes).Draw(t, "attributes"))
		}
		events := rapid.IntRange(0, 12).Draw(t, "events")
		if i == long {
			events = rapid.IntRange(250, 20_000).Draw(t, "many events")
		}
		drawEvents(t, &s, events, id, idOrNull, ms)
		s.End = s.Start + rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(0, 2*day)).Draw(t, "after the last one held")
		if events > 0 {
			s.End += s.Offsets[events-1]
		}
		list = append(list, s)
	}
	slices.SortFunc(list, blocks.Compare)
	return list
}

func drawEvents(t *rapid.T, s *blocks.Session, events int, id, idOrNull *rapid.Generator[int32], ms *rapid.Generator[float64]) {
	step := rapid.SampledFrom([]int64{0, 1, 300, 70_000, 1 << 33}).Draw(t, "step")
	first := id.Draw(t, "token")
	for i := range events {
		s.Tokens, s.Offsets = append(s.Tokens, max(1, first-int32(i%5))), append(s.Offsets, step*int64(i))
	}
	for _, at := range some(t, events) {
		s.Durations.Add(at, ms.Draw(t, "ms"))
	}
	for field := range s.Fields {
		for _, at := range some(t, events) {
			s.Fields[field].Add(at, idOrNull.Draw(t, "field"))
		}
	}
}

// some draws some of n indices.
func some(t *rapid.T, n int) []int {
	if n == 0 {
		return nil
	}
	list := rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 8).Draw(t, "some")
	slices.Sort(list)
	return slices.Compact(list)
}

func diff(want, got any) string { return cmp.Diff(want, got, cmpopts.EquateEmpty()) }

func TestSessionsComeBack(t *testing.T) {
	var r blocks.Reader // used again, as a scan does
	rapid.Check(t, func(t *rapid.T) {
		want := draw(t)
		block := blocks.Encode(want)
		if err := r.Decode(&block, blocks.All); err != nil {
			t.Fatal(err)
		}
		if difference := diff(want, r.Sessions()); difference != "" {
			t.Fatalf("sessions differ (-want +got):\n%s", difference)
		}
	})
}

// What is not wanted is not looked at, and what is wanted is the same as with all else.
func TestWantedColumnsAreEnough(t *testing.T) {
	var whole, part blocks.Reader
	rapid.Check(t, func(t *rapid.T) {
		block := blocks.Encode(draw(t))
		require.NoError(t, whole.Decode(&block, blocks.All))
		want := blocks.Of(rapid.SliceOf(rapid.Map(rapid.IntRange(0, int(blocks.Columns)-1), func(i int) blocks.Column { return blocks.Column(i) })).Draw(t, "columns")...)
		others := block
		for c := range blocks.Columns {
			if !want.Has(c) {
				others.Columns[c] = []byte("not to be read")
			}
		}
		if err := part.Decode(&others, want); err != nil {
			t.Fatal(err)
		}
		var got, all blocks.Session
		for i := range part.Len() {
			part.Session(i, &got)
			whole.Session(i, &all)
			if difference := diff(only(all, want), got); difference != "" {
				t.Fatalf("sessions differ (-want +got):\n%s", difference)
			}
		}
	})
}

// only leaves of a session what columns tell.
func only(s blocks.Session, want blocks.Set) blocks.Session {
	var none blocks.Session
	for c, empty := range map[blocks.Column]func(){
		blocks.Users: func() { s.User = none.User }, blocks.Keys: func() { s.Key = none.Key }, blocks.Ends: func() { s.End = none.End },
		blocks.Flags: func() { s.Kind, s.Truncated = none.Kind, none.Truncated }, blocks.Totals: func() { s.Counts = none.Counts },
		blocks.Attributes: func() { s.Attributes = none.Attributes }, blocks.Tokens: func() { s.Tokens = nil },
		blocks.Offsets: func() { s.Offsets = nil }, blocks.Durations: func() { s.Durations = none.Durations },
	} {
		if !want.Has(c) {
			empty()
		}
	}
	for field := range s.Fields {
		if !want.Has(blocks.ViewNames + blocks.Column(field)) {
			s.Fields[field] = packed.IDs{}
		}
	}
	return s
}

// The bytes are a contract: other programs read them, as docs/data-model.md says.
func TestBytes(t *testing.T) {
	long := blocks.Session{User: 7, Key: -1, Start: 1000, End: 9000, Session: packed.Session{
		Kind: packed.Anonymous, Truncated: true, Counts: packed.Counts{Events: 300, Views: 2}, Tokens: []int32{900, 5, 900}, Offsets: []int64{0, 1000, 7000},
	}}
	long.Attributes[1] = 9
	long.Durations.Add(2, 1500)
	long.Fields[packed.ActionType].Add(1, 258)
	long.Fields[packed.ActionTarget].Add(0, 0)
	short := blocks.Session{User: 8, Key: 3, Start: 1300, End: 1300, Session: packed.Session{Tokens: []int32{6}, Offsets: []int64{0}}}
	b := blocks.Encode([]blocks.Session{long, short})
	require.Equal(t, [5]int64{2, 4, 1000, 1300, 9000}, [5]int64{int64(b.Sessions), int64(b.Events), b.MinStart, b.MaxStart, b.MaxEnd})
	for column, want := range map[blocks.Column]any{
		blocks.Users: []byte{7, 8}, blocks.Keys: []uint64{math.MaxUint64, 3}, blocks.Starts: []uint16{0, 300},
		blocks.Ends: []uint16{1000, 0}, blocks.Flags: []byte{5, 0}, blocks.Counts: []byte{3, 1},
		blocks.Totals: []uint16{300, 2, 0, 0, 0}, blocks.Attributes: []byte{0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
		blocks.List: []uint16{5, 1, 894}, blocks.Tokens: []byte{2, 0, 2, 1}, blocks.Offsets: []uint16{0, 1000, 6000, 0},
		blocks.Durations: []uint16{0, 0, 1501, 0}, blocks.ActionTypes: []uint16{0, 259, 0, 0}, blocks.ActionTargets: []byte{1, 0, 0, 0},
	} {
		raw, err := binary.Append(nil, binary.LittleEndian, want)
		require.NoError(t, err)
		stored := b.Columns[column]
		require.Equal(t, int(stored[0])*reflectLen(want), len(raw), "%s: the first byte is the width", column)
		require.Equal(t, raw, unzip(t, stored[1:]), column)
	}
	require.Nil(t, b.Columns[blocks.ViewNames])
	long.Durations.MS[0] = 0.5
	fractions := blocks.Encode([]blocks.Session{long}).Columns[blocks.Durations]
	require.Equal(t, byte(0xF8), fractions[0])
	raw := unzip(t, fractions[1:])
	require.Equal(t, 0.5, math.Float64frombits(binary.LittleEndian.Uint64(raw[16:])))
	require.True(t, math.IsNaN(math.Float64frombits(binary.LittleEndian.Uint64(raw))), "an event without a duration")
}

func reflectLen(list any) int {
	switch list := list.(type) {
	case []byte:
		return len(list)
	case []uint16:
		return len(list)
	}
	return len(list.([]uint64))
}

func unzip(t *testing.T, frame []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(nil)
	require.NoError(t, err)
	defer z.Close()
	raw, err := z.DecodeAll(frame, nil)
	require.NoError(t, err)
	return raw
}

// Whatever single bit of a column changes is told, or changes nothing.
func TestDamageIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		block := blocks.Encode(draw(t))
		var r blocks.Reader
		require.NoError(t, r.Decode(&block, blocks.All))
		want := r.Sessions()
		for range 20 {
			c := blocks.Column(rapid.IntRange(0, int(blocks.Columns)-1).Draw(t, "column"))
			if len(block.Columns[c]) == 0 {
				continue
			}
			damaged := block
			damaged.Columns[c] = slices.Clone(block.Columns[c])
			damaged.Columns[c][rapid.IntRange(0, len(block.Columns[c])-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			if err := r.Decode(&damaged, blocks.All); err == nil && diff(want, r.Sessions()) != "" {
				t.Fatalf("damage of %s was read", c)
			}
			if short := rapid.IntRange(1, len(block.Columns[c])-1).Draw(t, "bytes"); r.Decode(cut(block, c, short), blocks.All) == nil {
				t.Fatalf("%s was read although it ends early", c)
			}
		}
	})
}

func cut(b blocks.Block, c blocks.Column, short int) *blocks.Block {
	b.Columns[c] = b.Columns[c][:short]
	return &b
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	one := blocks.Session{User: 1, Key: 1, Start: 1000, End: 2000, Session: packed.Session{Tokens: []int32{5, 6}, Offsets: []int64{0, 1000}}}
	for want, change := range map[string]func(b, other *blocks.Block){
		"a block of sessions is of format 9, this program knows 1":                                           func(b, _ *blocks.Block) { b.Format = 9 },
		"a block of sessions says that it has 0 sessions and 2 events from 1000 on":                          func(b, _ *blocks.Block) { b.Sessions = 0 },
		"a block of sessions has sessions of other than 3 events":                                            func(b, _ *blocks.Block) { b.Events = 3 },
		"a block of sessions has a last session that starts at 1000, not at 1001":                            func(b, _ *blocks.Block) { b.MaxStart++ },
		"a block of sessions has a last event at 2000, not at 1999":                                          func(b, _ *blocks.Block) { b.MaxEnd-- },
		"a block of sessions has a column users that has 2 bytes for at most 1 values of 1":                  func(b, o *blocks.Block) { b.Columns[blocks.Users] = o.Columns[blocks.Users] },
		"a block of sessions has a column tokens that is written in a way 3, which nobody knows":             func(b, _ *blocks.Block) { b.Columns[blocks.Tokens] = []byte{3} },
		"a block of sessions has a column users that is no zstd frame: invalid input: magic number mismatch": func(b, _ *blocks.Block) { b.Columns[blocks.Users] = []byte{1, 5, 5, 5, 5, 5, 5, 5, 5} },
		"a block of sessions has a column users that has no checksum":                                        func(b, _ *blocks.Block) { b.Columns[blocks.Users] = unchecked() },
		"a block of sessions has a token 1 of 1":                                                             func(b, o *blocks.Block) { b.Columns[blocks.List] = o.Columns[blocks.List] },
		"a block of sessions has a column flags that has a value 8, the greatest is 7":                       func(b, o *blocks.Block) { b.Columns[blocks.Flags] = eight(o) },
		"a block of sessions has a column list that has a value 2147483653, the greatest is 2147483647":      func(b, o *blocks.Block) { b.Columns[blocks.List] = large(o) },
	} {
		b := blocks.Encode([]blocks.Session{one})
		other := one
		other.Tokens = []int32{5, 5}
		o := blocks.Encode([]blocks.Session{other, other})
		change(&b, &o)
		var r blocks.Reader
		require.EqualError(t, r.Decode(&b, blocks.All), want)
	}
}

// unchecked is a column of a 7 without a checksum.
func unchecked() []byte {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(false), zstd.WithSingleSegment(true))
	if err != nil {
		return nil
	}
	return z.EncodeAll([]byte{7}, []byte{1})
}

// eight and large are columns of one value.
func eight(*blocks.Block) []byte {
	return blocks.Encode([]blocks.Session{{User: 8, Key: 1}}).Columns[blocks.Users]
}

func large(*blocks.Block) []byte {
	return blocks.Encode([]blocks.Session{{Key: math.MaxInt32 + 6}}).Columns[blocks.Keys]
}

// Blocks hold every session once, in order, no more than they may, and no short one with one of over a day.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []blocks.Session
		for i := range rapid.IntRange(0, 5000).Draw(t, "sessions") {
			events := 1 + i%7
			if rapid.IntRange(0, 500).Draw(t, "huge") == 0 {
				events = rapid.IntRange(1, 20_000).Draw(t, "events")
			}
			s := blocks.Session{User: int32(i % 50), Key: int64(i), Start: int64(i*7919) % 4096}
			s.Tokens, s.Offsets = make([]int32, events), make([]int64, events)
			s.End = s.Start + int64(i%3)*day*2/3
			all = append(all, s)
		}
		seen := map[int64]bool{}
		for _, block := range blocks.Split(all) {
			events := 0
			for i, s := range block {
				events += len(s.Tokens)
				if seen[s.Key] || i > 0 && (blocks.Compare(block[i-1], s) >= 0 || (s.End-s.Start > day) != (block[0].End-block[0].Start > day)) {
					t.Fatalf("session %d is there twice, in the wrong place, or among those of another length", s.Key)
				}
				seen[s.Key] = true
			}
			if len(block) == 0 || len(block) > blocks.MaxSessions || len(block) > 1 && events > blocks.MaxEvents {
				t.Fatalf("a block has %d sessions and %d events", len(block), events)
			}
		}
		if len(seen) != len(all) {
			t.Fatalf("%d sessions became %d", len(all), len(seen))
		}
	})
}

// Whatever the bytes are, unpacking them ends, in bounds, and what comes of it comes back.
func FuzzDecode(f *testing.F) {
	sessions := visits(5)
	sessions[2].Truncated, sessions[3].Durations.MS[0], sessions[4].Offsets[7] = true, 0.5, 1<<40
	sessions[4].End = sessions[4].Start + 1<<41
	for _, list := range [][]blocks.Session{visits(1), sessions} {
		b := blocks.Encode(list)
		for c := range blocks.Columns {
			f.Add(int(c), b.Columns[c], int32(len(list)), b.Events, true)
			f.Add(int(c), unzipped(b.Columns[c]), int32(len(list)), b.Events, false)
		}
	}
	f.Fuzz(func(t *testing.T, column int, data []byte, sessions, events int32, compressed bool) {
		if column < 0 || column >= int(blocks.Columns) || sessions > 1<<16 || events > 1<<16 {
			return
		}
		b := blocks.Encode(visits(5))
		if !compressed && len(data) > 0 { // such that the fuzzer gets past checksums
			data = blocks.Compress(data[0], data[1:])
		}
		b.Columns[column], b.Sessions, b.Events = data, sessions, events
		var r blocks.Reader
		if r.Decode(&b, blocks.All) != nil {
			return
		}
		want := r.Sessions()
		again := blocks.Encode(want)
		if err := r.Decode(&again, blocks.All); err != nil {
			t.Fatal(err)
		}
		if difference := diff(want, r.Sessions()); difference != "" {
			t.Fatalf("sessions differ (-want +got):\n%s", difference)
		}
	})
}

func unzipped(stored []byte) []byte {
	if len(stored) == 0 {
		return nil
	}
	z, err := zstd.NewReader(nil)
	if err != nil {
		return nil
	}
	defer z.Close()
	raw, _ := z.DecodeAll(stored[1:], stored[:1:1])
	return raw
}
