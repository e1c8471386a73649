package packed_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

func TestSaidComesBack(t *testing.T) {
	type line struct {
		attribute, event int
		value            string
	}
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOf(rapid.String()).Draw(t, "names")
		head := packed.SaidHead(names)
		require.Equal(t, 1, strings.Count(head, "\n"))
		var back []string
		require.NoError(t, json.Unmarshal([]byte(head), &back))
		require.Equal(t, len(names), len(back))

		var want, got []line
		said := []byte(head)
		for range rapid.IntRange(0, 9).Draw(t, "lines") {
			value, err := json.Marshal(rapid.String().Draw(t, "value"))
			require.NoError(t, err)
			one := line{rapid.IntRange(0, 49).Draw(t, "attribute"), rapid.IntRange(0, 1e6).Draw(t, "event"), string(value)}
			want, said = append(want, one), packed.AppendSaid(said, one.attribute, one.event, one.value)
		}
		lines, is := strings.CutPrefix(string(said), head)
		require.True(t, is)
		require.NoError(t, packed.EachSaid(lines, 50, 1e6+1, func(attribute, event int, value string) { got = append(got, line{attribute, event, value}) }))
		require.Equal(t, want, got)
	})
}

func TestWhatIsNotSaidIsRefused(t *testing.T) {
	for _, lines := range []string{"0 1 2", "0 1\n", "0 1 \n", "\n", "0  1\n", "-1 0 2\n", "0 0123456789 1\n", "a 1 2\n", "2 0 1\n", "0 3 1\n"} {
		err := packed.EachSaid(lines, 2, 3, func(int, int, string) {})
		require.EqualError(t, err, "a packed session has a line of values that is none", lines)
	}
}
