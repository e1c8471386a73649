package users

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
)

const scan = "from footfall.tail t" // of packed sessions

// Who did something is found once for all statements of a question, and of all sessions no more are read than have to be.
func TestWhoDidIsFoundByOneScan(t *testing.T) {
	db := questions.Visits(t)
	const (
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

// Questions that come together find once who did something, and the members of a draft.
func TestQuestionsTogetherFindOnceWhoDid(t *testing.T) {
	db := questions.Visits(t)
	scans := func(executed string) int { return strings.Count(executed, scan) }
	draft := []query.Members{{Definition: &segment.Definition{
		Where: segment.Condition{Did: &segment.Did{Event: "type:action", AtLeast: ptr(2)}},
	}}}
	list, other, ofDraft := NewProfiles(), NewProfiles(), NewProfiles()
	list.Filter, other.Filter, ofDraft.IncludeSegments = "has(type:action)", "has(type:view)", draft
	facets, facetsOfDraft := NewFacets(), NewFacets()
	facets.Attributes = []CountedAttribute{{Attribute: "last_country"}, {Attribute: "last_device_type"}}
	facetsOfDraft.Attributes = facets.Attributes
	facets.Filter, facetsOfDraft.IncludeSegments = list.Filter, draft

	asked := map[string]query.Question{"list": list, "facets": facets, "of draft": ofDraft, "facets of draft": facetsOfDraft, "other": other}
	alone := map[string]data.Frames{}
	for name, q := range asked {
		alone[name] = questions.Ask(t, db, questions.VisitsContext(), q)
	}
	together := questions.VisitsContext()
	together.Shared = &query.Shared{}
	counted := &scanCount{}
	config := db.Config()
	config.ConnConfig.Tracer = counted
	traced, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	defer traced.Close()
	for name, q := range asked {
		frames := questions.Ask(t, traced, together, q)
		require.Equal(t, len(alone[name]), len(frames))
		for i, frame := range frames {
			require.Equal(t, alone[name][i].Fields, frame.Fields, name)
			require.Equal(t, scans(alone[name][i].Meta.ExecutedQueryString), scans(frame.Meta.ExecutedQueryString), "what an answer was made of is told")
		}
	}
	require.EqualValues(t, 3, counted.Load(), "the draft's, and two conditions")
}

// A question that is given up takes nothing from those that it came with.
func TestWhoWaitsForWhatFailsLooksItself(t *testing.T) {
	db := questions.Visits(t)
	q := NewProfiles()
	q.Filter = "has(type:action)"
	c := questions.VisitsContext()
	alone := questions.AskOne(t, db, c, q)
	c.Shared = &query.Shared{}
	answer, err := query.Prepare(c, q)
	require.NoError(t, err)
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = answer(gone, db)
	require.Error(t, err)
	require.Equal(t, alone.Fields, questions.AskOne(t, db, c, q).Fields)
}

// scanCount counts how often packed sessions are read.
type scanCount struct{ atomic.Int32 }

func (c *scanCount) TraceQueryStart(ctx context.Context, _ *pgx.Conn, asked pgx.TraceQueryStartData) context.Context {
	if strings.Contains(asked.SQL, scan) {
		c.Add(1)
	}
	return ctx
}

func (*scanCount) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

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
