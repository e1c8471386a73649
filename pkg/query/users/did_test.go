package users

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

// Who did something is found once for all statements of a question, and of all sessions no more are read than have to be.
func TestWhoDidIsFoundByOneScan(t *testing.T) {
	db := questions.Visits(t)
	const (
		scan   = "from footfall.tail t"
		events = "from footfall.sessions s\n   where s.user_key = p.user_key" // what SQL would look for
		these  = "unnest($3::integer[], $4::bigint[])"
		users  = "unnest($3::integer[]) w (user_key)"
	)
	wantsScan := func(executed string, narrowed ...string) {
		t.Helper()
		require.Equal(t, 1, strings.Count(executed, scan), executed)
		require.NotContains(t, executed, events)
		for _, by := range []string{these, users} {
			require.Equal(t, len(narrowed) > 0 && narrowed[0] == by, strings.Contains(executed, by), executed)
		}
	}
	profiles := func(text string) string {
		q := NewProfiles()
		q.Filter, q.IncludeTotal = text, true
		return questions.AskOne(t, db, questions.VisitsContext(), q).Meta.ExecutedQueryString
	}
	wantsScan(profiles("has(type:action) -has(page:/page/2* type:action) (page:/page/8 OR -page:/page/9)"))
	wantsScan(profiles("has(page:/page/7)"), these)
	wantsScan(profiles("has(type:action) user_id:u17"), users)
	require.Contains(t, profiles("has(price:>5) user_id:u17"), events, "packed sessions know no attributes of events")

	facets := NewFacets()
	facets.Attributes = []CountedAttribute{{Attribute: "last_country"}, {Attribute: segmentFacet}}
	facets.Filter, facets.IncludeSegments = "has(type:action)", []query.Members{{Definition: &segment.Definition{
		Where: segment.Condition{Did: &segment.Did{Event: "type:action", AtLeast: ptr(2)}},
	}}}
	executed := questions.Ask(t, db, questions.VisitsContext(), facets)[0].Meta.ExecutedQueryString
	require.Equal(t, 2, strings.Count(executed, scan), "the segment's, and the filter's")
	require.NotContains(t, executed, "cross join lateral", "no statement takes sessions apart")
}

func ptr(n int) *int { return &n }

// What is beside a condition narrows whom it is looked for of, but not where it stands beside OR.
func TestWhatStandsBesideNarrowsWhoDid(t *testing.T) {
	for text, wanted := range map[string]string{
		"page:/a":                          "",
		"page:/a user_id:x":                "user_id:x",
		"page:/a (user_id:x OR user_id:y)": "user_id:x OR user_id:y",
		"page:/a OR user_id:x":             "",
		"-(page:/a user_id:x) -user_id:y":  "-user_id:y",
	} {
		var beside []string
		compiler := questions.Context().Compiler()
		compiler.Did = func(_, n filter.Node) *[]int32 {
			beside = append(beside, filter.String(n))
			return &[]int32{}
		}
		_, err := compiler.Users(questions.Parse(t, text))
		require.NoError(t, err)
		require.Equal(t, []string{wanted}, beside, text)
	}
}
