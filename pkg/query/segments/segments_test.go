package segments

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/users"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

func TestSegmentsGolden(t *testing.T) {
	db, c := questions.StoreSegments(t)
	questions.Golden(t, "segments", questions.AskOne(t, db, c, NewSegments()))
	c.MaxRows = 2
	require.Equal(t, []string{"Showing 2 segments; there are more"}, questions.Notices(questions.AskOne(t, db, c, NewSegments())))
}

func TestSegmentMembers(t *testing.T) {
	db, c := questions.StoreSegments(t)
	decode := func(options string) *SegmentMembers {
		q := NewSegmentMembers()
		require.NoError(t, json.Unmarshal([]byte(options), q))
		return q
	}
	for options, want := range map[string][]any{
		`{"segment": "cart"}`:                                                                 {"u-2", "u-1"},
		`{"segment": "cart", "sort": {"column": "user_id"}}`:                                  {"u-1", "u-2"},
		`{"segment": "cart", "limit": 1, "offset": 1}`:                                        {"u-1"},
		`{"segment": "cart", "search": "ann"}`:                                                {"u-1"},
		`{"segment": "ours"}`:                                                                 {"u-1"},
		`{"segment": {"where": {"not": {"segment": "cart"}}}}`:                                {"u-3"},
		`{"segment": {"includeAnonymous": true, "where": {"not": {"users": "user_id:u-*"}}}}`: {"a-1"},
	} {
		require.Equal(t, want, questions.Values(t, questions.AskOne(t, db, c, decode(options)), "user_id"), options)
	}
	frame := questions.AskOne(t, db, c, decode(`{"segment": "cart", "columns": ["user_id", "usr.plan"], "limit": 1}`))
	require.Len(t, frame.Fields, 2)
	require.Equal(t, []string{"Showing 1 of 2 users"}, questions.Notices(frame))

	var used []int32
	c.Used = func(key int32) { used = append(used, key) }
	_, err := decode(`{"segment": "cart"}`).Prepare(c)
	require.NoError(t, err)
	require.Contains(t, used, c.Names.Segments["cart"])
	for options, problem := range map[string]string{
		`{}`:                                     "options.segment is missing",
		`{"segment": "none"}`:                    `options.segment names no segment: "none"`,
		`{"segment": "{cart,pro}"}`:              "options.segment takes one segment, not several ({cart,pro}); choose one value of the variable",
		`{"segment": "*"}`:                       "options.segment takes one segment, not several (*)",
		`{"segment": ["cart", "pro"]}`:           `options.segment takes one segment, not several (["cart", "pro"])`,
		`{"segment": ["cart"]}`:                  `options.segment takes one segment, not several (["cart"])`,
		`{"segment": {"where": {"table": "x"}}}`: "options.segment.where.table names no reference table",
		`{"segment": "cart", "limit": 0}`:        "options.limit must be 1",
	} {
		_, err := decode(options).Prepare(c)
		require.ErrorContains(t, err, problem)
		require.ErrorAs(t, err, &query.InvalidError{})
	}
}

// Entries of the lists of segments are named where they are wrong.
func TestSelectionsNameWrongSegments(t *testing.T) {
	_, c := questions.StoreSegments(t)
	for options, problem := range map[string]string{
		`{"includeSegments": ["pro", "none"]}`:                        `options.includeSegments[1] names no segment: "none"`,
		`{"includeSegments": ["pro", ["cart"]]}`:                      `options.includeSegments[1] names no segment: "[\"cart\"]"`,
		`{"excludeSegments": [{"where": {"not": {"segment": "x"}}}]}`: `options.excludeSegments[0].where.not.segment names no segment: "x"`,
	} {
		q := users.NewProfiles()
		require.NoError(t, json.Unmarshal([]byte(options), q))
		_, err := q.Prepare(c)
		require.EqualError(t, err, problem)
	}
}

func TestSegmentSizeGolden(t *testing.T) {
	db, c := questions.StoreSegments(t)
	frames := questions.Ask(t, db, c, NewSegmentSize())
	require.Len(t, frames, 3)
	require.Equal(t, []any{int64(7), int64(1)}, questions.Values(t, frames[2], "users"), "the one before the range is left out")
	for i, name := range []string{"cart", "ours", "pro"} {
		questions.Golden(t, "segmentSize_"+name, frames[i])
	}
	frames = questions.Ask(t, db, c, &SegmentSize{Segments: []string{"pro", "waits"}})
	require.Len(t, frames, 1)
	require.Equal(t, "pro", frames[0].Fields[1].Labels["segment"])
	empty := questions.AskOne(t, db, c, &SegmentSize{Segments: []string{"waits"}})
	require.Empty(t, empty.Fields)

	_, err := (&SegmentSize{Segments: []string{"none"}}).Prepare(c)
	require.EqualError(t, err, `options.segments[0] names no segment: "none"`)
	c.MaxRows = 3
	require.Equal(t, []string{"Showing 3 of 4 sizes; choose a shorter range or fewer segments"}, questions.Notices(questions.Ask(t, db, c, NewSegmentSize())[0]))
}
