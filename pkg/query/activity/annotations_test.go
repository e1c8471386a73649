package activity

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

func TestAnnotationsAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 4 {
			c := questions.DrawContext(t)
			q := NewAnnotations()
			q.Kind = rapid.SampledFrom([]AnnotationKind{"frustrations", "firstSeen", "events"}).Draw(t, "kind")
			q.Filter = questions.DrawFilter(t, true)
			q.Limit = rapid.IntRange(1, 10).Draw(t, "limit")
			wanted := plainMoments(t, c, q, world)
			total := len(wanted)
			frame := questions.AskOne(t, reader, c, q)
			require.Equal(t, wanted[:min(q.Limit, total)], questions.Values(t, frame, "time"))
			require.Equal(t, total > q.Limit, len(frame.Meta.Notices) > 0, "notice")
		}
	})
}

// plainMoments are the times to mark, the latest first.
func plainMoments(t *rapid.T, c query.Context, q *Annotations, world history.World) []any {
	moments := []any{}
	if q.Kind == "firstSeen" {
		var times []time.Time
		for _, u := range world.Users {
			seen := u.Value("first_seen").(time.Time)
			if !u.Anonymous && questions.InRange(c, seen.UnixMilli()) && questions.Matcher(c).User(questions.Parse(t, q.Filter), u) {
				times = append(times, seen)
			}
		}
		for _, at := range latestFirst(times) {
			moments = append(moments, at)
		}
		return moments
	}
	for _, e := range questions.SelectedEvents(c, world, questions.Parse(t, q.Filter)) {
		if q.Kind == "events" || e.Frustration != 0 {
			moments = append(moments, time.UnixMilli(e.TS).UTC())
		}
	}
	return moments
}

func latestFirst(times []time.Time) []time.Time {
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	return times
}

func TestAnnotationsGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for name, q := range map[string]*Annotations{
		"frustrations": NewAnnotations(),
		"firstSeen":    {Kind: "firstSeen", Limit: 10},
		"errors":       {Kind: "events", Limit: 10, Selection: query.Selection{Filter: "type:error"}},
	} {
		t.Run(name, func(t *testing.T) {
			questions.Golden(t, "annotations_"+name, questions.AskOne(t, db, questions.ShopContext(), q))
		})
	}
}

func TestAnnotationsRefuse(t *testing.T) {
	questions.Refused(t, `options.kind is "deploys"; it must be one of frustrations, firstSeen, events`, &Annotations{Kind: "deploys", Limit: 1})
	questions.Refused(t, "options.limit must be 1 to 1000, not 5000", &Annotations{Kind: "events", Limit: 5000})
	questions.Refused(t, "options.filter is wrong: at 1: unknown attribute `contry`",
		&Annotations{Kind: "events", Limit: 1, Selection: query.Selection{Filter: "contry:BR"}})
}
