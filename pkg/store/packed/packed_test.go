package packed_test

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// draw draws a session as the worker may have one: values of any width, and more events than fit into a byte.
func draw(t *rapid.T) packed.Session {
	id := rapid.OneOf(rapid.Int32Range(1, 3), rapid.Int32Range(200, 70_000), rapid.Int32Range(1, math.MaxInt32))
	idOrNull := rapid.OneOf(rapid.Just(int32(0)), id)
	s := packed.Session{
		Kind:      rapid.SampledFrom([]packed.Kind{packed.User, packed.Anonymous, packed.None}).Draw(t, "kind"),
		Truncated: rapid.Bool().Draw(t, "truncated"),
	}
	if s.Truncated {
		count := rapid.Int32Range(0, math.MaxInt32)
		s.Counts = packed.Counts{
			Events: count.Draw(t, "events"), Views: count.Draw(t, "views"), Actions: count.Draw(t, "actions"),
			Errors: count.Draw(t, "errors"), Frustrations: count.Draw(t, "frustrations"),
		}
	}
	if rapid.Bool().Draw(t, "has attributes") {
		copy(s.Attributes[:], rapid.SliceOfN(idOrNull, packed.Attributes, packed.Attributes).Draw(t, "attributes"))
	}
	events := rapid.IntRange(1, 9).Draw(t, "number of events")
	switch rapid.IntRange(0, 20).Draw(t, "long") {
	case 0:
		events = 70_000
	case 1, 2, 3:
		events += 250
	}
	step := rapid.SampledFrom([]int64{0, 1, 300, 70_000, 1 << 33}).Draw(t, "step")
	first := id.Draw(t, "token")
	for i := range events {
		s.Tokens = append(s.Tokens, max(1, first-int32(i%5)))
		s.Offsets = append(s.Offsets, step*int64(i))
	}
	ms := rapid.OneOf(rapid.Float64Range(0, 1e15), rapid.Map(rapid.Int64Range(0, 1e15), func(n int64) float64 { return float64(n) }))
	for _, at := range some(t, events) {
		s.Durations.Add(at, ms.Draw(t, "ms"))
	}
	for i := range s.Fields {
		for _, at := range some(t, events) {
			s.Fields[i].Add(at, idOrNull.Draw(t, "field"))
		}
	}
	return s
}

// some draws some of n indices.
func some(t *rapid.T, n int) []int {
	list := rapid.SliceOfN(rapid.IntRange(0, n-1), 0, 8).Draw(t, "some")
	slices.Sort(list)
	return slices.Compact(list)
}

func requireEqual(t rapid.TB, want, got packed.Session) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("unpacked sessions differ (-want +got):\n%s", diff)
	}
}

func TestSessionsComeBack(t *testing.T) {
	var got packed.Session // used again, as a scan does
	rapid.Check(t, func(rt *rapid.T) {
		want := draw(rt)
		if err := packed.Decode(want.Append(nil), &got); err != nil {
			rt.Fatal(err)
		}
		requireEqual(rt, want, got)
	})
}

// The bytes are a contract: other programs read them, and they are on people's disks.
func TestBytes(t *testing.T) {
	s := packed.Session{Kind: packed.Anonymous, Truncated: true, Counts: packed.Counts{Events: 300, Views: 2}, Tokens: []int32{5, 6, 5}, Offsets: []int64{0, 1000, 70_000}}
	s.Attributes[1] = 9
	s.Durations.Add(2, 1500)
	s.Fields[packed.ActionType].Add(1, 258)
	require.Equal(t, []byte{
		1,       // format
		1, 1, 5, // column 1, one value of a byte: anonymous 1, truncated 4
		3 | 1<<5, 5, 44, 1, 2, 0, 0, 0, 0, 0, 0, 0, // column 3, five values of two bytes
		4, 9, 0, 9, 0, 0, 0, 0, 0, 0, 0, // column 4
		7, 3, 5, 6, 5, // column 7
		8 | 2<<5, 3, 0, 0, 0, 0, 232, 3, 0, 0, 112, 17, 1, 0, // column 8, of four bytes
		9, 1, 2, 10 | 1<<5, 1, 220, 5, // columns 9 and 10: the third event took 1500 ms
		14, 1, 1, 15 | 1<<5, 1, 2, 1, // columns 14 and 15: the second one's action type
	}, s.Append(nil))
	s.Durations.MS[0] = 0.5
	require.Contains(t, string(s.Append(nil)), string([]byte{9, 1, 2, 11 | 3<<5, 1, 0, 0, 0, 0, 0, 0, 224, 63}), "a fraction is a double")
}

func TestErrorsNameWhatIsWrong(t *testing.T) {
	good := packed.Session{Tokens: []int32{5, 6}, Offsets: []int64{0, 1000}}
	packedGood := good.Append(nil)
	for want, data := range map[string][]byte{
		"a packed session is empty":                                                               {},
		"a packed session is of format 9, this program knows 1":                                   {9},
		"a packed session has flags of 0 sessions, not of one":                                    {1},
		"a packed session ends within column 8":                                                   packedGood[:len(packedGood)-1],
		"a packed session ends within the head of column 8":                                       packedGood[:len(packedGood)-5],
		"a packed session has a column 31 after column 8":                                         append(slices.Clone(packedGood), 31, 0),
		"a packed session has a column 7 after column 8":                                          append(slices.Clone(packedGood), 7, 0),
		"a packed session has values of 1 events and 0 values":                                    append(slices.Clone(packedGood), 9, 1, 0),
		"a packed session has values of other events than the 2 there are, or not in their order": append(slices.Clone(packedGood), 9, 1, 2, 10, 1, 1),
		"a packed session has the flags 3":                                                        {1, 1, 1, 3},
		"a packed session has 0 counts, not 5":                                                    {1, 1, 1, 4},
		"a packed session has 0 tokens and 0 offsets":                                             {1, 1, 1, 0},
		"a packed session has a token that is no id":                                              {1, 1, 1, 0, 7, 1, 0, 8, 1, 0},
		"a packed session has an event 1 that is earlier than the one before":                     {1, 1, 1, 0, 7, 2, 5, 5, 8, 2, 1, 0},
	} {
		var s packed.Session
		require.EqualError(t, packed.Decode(data, &s), want)
	}
}

// Whatever the bytes are, unpacking them ends, in bounds, and what comes of it can be packed.
func FuzzDecode(f *testing.F) {
	s := visit()
	f.Add(s.Append(nil))
	s.Truncated, s.Durations.MS[0], s.Offsets[7] = true, 0.5, 1<<40
	f.Add(s.Append(nil))
	f.Add([]byte{1, 7 | 1<<7, 255, 255, 255, 255})
	f.Fuzz(func(t *testing.T, data []byte) {
		var s, again packed.Session
		if err := packed.Decode(data, &s); err != nil {
			return
		}
		if most := len(data); cap(s.Tokens) > 2*most+8 || cap(s.Offsets) > 2*most+8 {
			t.Fatalf("%d bytes made room for %d tokens and %d offsets", most, cap(s.Tokens), cap(s.Offsets))
		}
		if err := packed.Decode(s.Append(nil), &again); err != nil {
			t.Fatal(err)
		}
		requireEqual(t, s, again)
	})
}

// visit is a session of the size that the benchmark's have: 8 events, three of them clicks.
func visit() packed.Session {
	s := packed.Session{Attributes: [packed.Attributes]int32{3, 812, 1204, 1710, 14, 15, 160, 18, 240}}
	for i := range 8 {
		s.Tokens, s.Offsets = append(s.Tokens, int32(1000+37*i)), append(s.Offsets, int64(i)*41_000)
		if i%3 == 1 {
			s.Fields[packed.ActionType].Add(i, 20)
			s.Fields[packed.ActionTarget].Add(i, 1900)
		}
	}
	s.Durations.Add(0, 40_000)
	return s
}

func BenchmarkAppend(b *testing.B) {
	s := visit()
	var data []byte
	for b.Loop() {
		data = s.Append(data[:0])
	}
	b.ReportMetric(float64(len(data))/float64(len(s.Tokens)), "B/event")
}

func BenchmarkDecode(b *testing.B) {
	s := visit()
	data := s.Append(nil)
	for b.Loop() {
		if err := packed.Decode(data, &s); err != nil {
			b.Fatal(err)
		}
	}
}
