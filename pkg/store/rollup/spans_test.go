package rollup

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSpansHoldEachSessionOnceAndOverlapNowhere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.SliceOf(rapid.Custom(func(t *rapid.T) extent {
			start := rapid.Int64Range(0, 30).Draw(t, "start")
			return extent{
				sessionRef{rapid.Int32Range(1, 3).Draw(t, "user"), rapid.Int64Range(1, 9).Draw(t, "key")},
				start, start + rapid.Int64Range(0, 5).Draw(t, "length"),
			}
		})).Draw(t, "sessions")
		s := spansOf(given)
		require.Len(t, s.sessions, len(given))
		at := int32(0)
		for i, user := range s.users {
			require.Equal(t, at+1, s.first[i])
			for at < s.last[i] {
				one := s.sessions[at]
				require.Equal(t, given[s.order[at]], one)
				require.Equal(t, user, one.UserKey)
				require.False(t, fromMilli(one.start).Before(s.starts[i]) || fromMilli(one.end).After(s.ends[i]), "%v", one)
				at++
			}
			if i > 0 && s.users[i-1] == user {
				require.True(t, s.ends[i-1].Before(s.starts[i]), "two spans overlap")
			}
		}
		require.Len(t, given, int(at))
		require.ElementsMatch(t, given, s.sessions)
	})
}
