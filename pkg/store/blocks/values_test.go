package blocks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
)

func drawValues(t *rapid.T) []string {
	value := rapid.OneOf(rapid.Just(""), rapid.SampledFrom([]string{`1`, `1.10`, `"a"`, `"a\n"`, `["a", 1]`, `{"a": null}`, `true`}),
		rapid.StringMatching(`"[a-zäß漢]{1,250}"`).Filter(func(s string) bool { return len(s) <= blocks.MaxValue }))
	return rapid.SliceOfN(value, 1, 300).Draw(t, "values")
}

func TestValuesComeBack(t *testing.T) {
	var got blocks.EventValues // used again, as a scan does
	rapid.Check(t, func(t *rapid.T) {
		want := drawValues(t)
		packed := blocks.EncodeValues(want)
		require.True(t, packed.Packed)
		require.NoError(t, got.Decode(&packed, len(want)))
		require.NotContains(t, got.Texts, "")
		for i, value := range want {
			if value == "" {
				require.Zero(t, got.Of[i])
			} else {
				require.Equal(t, value, got.Texts[got.Of[i]-1])
			}
		}
	})
}

func TestWhatIsTooLongIsNotPacked(t *testing.T) {
	long := `"` + strings.Repeat("x", blocks.MaxValue-2) + `"`
	require.True(t, blocks.EncodeValues([]string{long, long}).Packed)
	require.Equal(t, blocks.Values{Format: blocks.Format}, blocks.EncodeValues([]string{"1", long + "x"}))
	many := make([]string, 1+blocks.MaxValues/100)
	for i := range many {
		many[i] = `"` + strings.Repeat(string(rune('a'+i%26)), 96) + string(rune('0'+i/26%10)) + string(rune('0'+i/260%10)) + string(rune(0x4e00+i/2600)) + `"`
	}
	require.Len(t, slices.Compact(slices.Sorted(slices.Values(many))), len(many))
	require.False(t, blocks.EncodeValues(many).Packed)
	require.True(t, blocks.EncodeValues(many[:len(many)/2]).Packed)
	refused := blocks.EncodeValues(many)
	require.ErrorContains(t, (&blocks.EventValues{}).Decode(&refused, len(many)), "packed: false")
}

// Whatever single bit changes is told, or changes nothing.
func TestDamageOfValuesIsTold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := drawValues(t)
		packed := blocks.EncodeValues(values)
		var want, got blocks.EventValues
		require.NoError(t, want.Decode(&packed, len(values)))
		for range 20 {
			damaged := packed
			of := rapid.SampledFrom([]*[]byte{&damaged.Texts, &damaged.Events}).Draw(t, "column")
			if len(*of) == 0 {
				continue
			}
			*of = slices.Clone(*of)
			(*of)[rapid.IntRange(0, len(*of)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
			if err := got.Decode(&damaged, len(values)); err == nil {
				require.Equal(t, want.Of, got.Of)
				require.Equal(t, want.Texts, got.Texts)
			}
		}
	})
}

// What cannot be is refused in words that name it.
func TestWrongValuesAreRefused(t *testing.T) {
	of := func(values ...string) blocks.Values { return blocks.EncodeValues(values) }
	for want, v := range map[string]blocks.Values{
		"a block of sessions has values of events that has 1 values, not 2":                      of("1"),
		"a block of sessions has values of events that has a value 2, the greatest is 1":         {Format: 1, Packed: true, Texts: of("1", "1").Texts, Events: of("1", "2").Events},
		"a block of sessions has values of events that has texts":                                {Format: 1, Packed: true, Texts: of("1", "").Texts, Events: of("1", "").Texts},
		"a block of sessions has texts of values that are none":                                  {Format: 1, Packed: true, Texts: of("1", "2").Events, Events: of("1", "2").Events},
		"a block of sessions has texts of values that are not in their order":                    {Format: 1, Packed: true, Texts: blocks.Compress(0x37, []byte("2\n1")), Events: of("1", "2").Events},
		"a block of sessions has values of format 2 that are packed: true; this program knows 1": {Format: 2, Packed: true},
	} {
		require.EqualError(t, (&blocks.EventValues{}).Decode(&v, 2), want)
	}
}
