package plugin

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/query/users"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// askedOfEvents are questions whose answer depends on what happens late in sessions, by query type.
var askedOfEvents = map[string][]string{
	"profiles": {
		`{"filter": "page:/cart"}`, `{"filter": "has(page:/cart country:BR)"}`, `{"filter": "-page:/cart"}`, `{"filter": "-has(action:*)"}`,
		`{"filter": "page:/cart OR page:/checkout", "includeTotal": true}`, `{"filter": "attributes.price:12.5"}`,
		`{"filters": [{"attribute": "action", "operator": "=", "values": ["click on CHECKOUT"]}]}`, `{"activeInRange": true}`,
		`{"includeSegments": [{"where": {"did": {"event": "page:/cart", "atLeast": 2}}}]}`,
		`{"excludeSegments": [{"where": {"did": {"event": "action:*"}}}]}`,
	},
	"segmentMembers": {
		`{"segment": {"where": {"did": {"event": "error:TypeError"}}}}`,
		`{"segment": {"where": {"did": {"event": "page:/cart", "firstTime": true, "window": {"from": "2026-03-01"}}}}}`,
		`{"segment": {"where": {"sequence": {"steps": [{"event": "page:/"}, {"event": "page:/cart"}, {"not": "action:*"}]}}}}`,
		`{"segment": {"where": {"did": {"event": "exit_page:/cart"}}}}`,
		`{"segment": {"where": {"sequence": {"scope": "user", "steps": [{"event": "action:*"}, {"event": "page:/cart"}]}}}}`,
	},
	"facets": {
		`{"filter": "page:/cart", "attributes": [{"attribute": "last_country"}]}`,
		`{"filter": "-page:/cart", "attributes": [{"attribute": "usr.plan"}, {"attribute": "segment"}]}`,
		`{"activeInRange": true, "attributes": [{"attribute": "last_country"}]}`,
	},
	"profile": {`{"user": "u-2", "filter": "page:/cart"}`, `{"user": "u-2", "filter": "-action:*"}`},
	"sessions": {
		`{"filter": "page:/cart"}`, `{"filter": "-has(action:*)", "includeTotal": true}`, `{"user": "u-1", "filter": "page:/cart"}`,
		`{"filter": "exit_page:/cart"}`, `{"filter": "-entry_page:/", "sort": {"column": "exit_page"}}`,
		`{"pathway": {"options": {"filter": "page:/cart"}, "node": {"step": 1, "name": "/"}}}`,
		`{"pathway": {"options": {"anchor": "before", "page": "/cart"}, "node": {"step": 1, "name": "/cart"}}}`,
	},
	"session":    {`{"session": "a", "filter": "page:/cart"}`, `{"session": "a", "filter": "has(action:*)"}`},
	"events":     {`{"filter": "page:/cart"}`, `{"filter": "has(action:*)"}`, `{"filter": "-has(action:*) type:view"}`, `{"filter": "exit_page:/cart"}`},
	"topPages":   {`{}`, `{"filter": "page:/cart"}`, `{"filter": "has(action:*)"}`, `{"filter": "attributes.price:>1 has(action:*)"}`, `{"user": "u-1"}`},
	"topActions": {`{}`, `{"filter": "page:/cart"}`, `{"filter": "-has(error:*)"}`},
	"pathways":   {`{}`, `{"filter": "page:/cart"}`, `{"unit": "user"}`, `{"anchor": "after", "page": "/cart"}`},
	"explorer": {
		`{"facets": [{"attribute": "page"}], "format": "table"}`, `{"filter": "page:/cart"}`, `{"filter": "-has(action:*)"}`,
		`{"filter": "has(page:/cart)", "facets": [{"attribute": "country", "other": true}]}`,
		`{"measures": [{"measure": "count", "filter": "has(action:*)"}]}`,
		`{"over": "sessions", "measures": [{"measure": "count", "filter": "page:/cart"}]}`,
		`{"over": "users", "measures": [{"measure": "count", "filter": "-page:/cart"}]}`,
		`{"over": "sessions", "filter": "page:/cart"}`, `{"over": "sessions", "filter": "-action:*"}`,
		`{"over": "users", "filter": "has(page:/cart)"}`, `{"over": "users", "filter": "-page:/cart"}`,
		`{"over": "sessions", "filter": "exit_page:/cart"}`, `{"filter": "-exit_page:/cart", "facets": [{"attribute": "entry_page"}]}`,
		`{"over": "sessions", "facets": [{"attribute": "exit_page"}], "format": "table"}`, `{"over": "users", "filter": "exit_page:/cart"}`,
		`{"facets": [{"attribute": "page"}], "measures": [{"measure": "median", "attribute": "time_on_page"}]}`,
	},
	"activeUsers": {`{"filter": "page:/cart"}`, `{"filter": "-has(action:*)"}`},
	"annotations": {
		`{"kind": "firstSeen", "filter": "page:/cart"}`, `{"kind": "events"}`, `{"kind": "events", "filter": "has(action:*)"}`,
		`{"kind": "frustrations", "filter": "page:/cart"}`,
	},
}

// notOfEvents are the query types that cannot be asked for what happened in sessions.
var notOfEvents = []string{"segments", "segmentSize", "values"}

// TestTruncatedSessionsChangeNoAnswerInSilence: cut off or not, sessions give the same answer, or one that says so.
func TestTruncatedSessionsChangeNoAnswerInSilence(t *testing.T) {
	whole, cut := testdb.New(t), testdb.New(t)
	_, err := cut.Exec(t.Context(), `update footfall.settings set session_event_cap = 1`)
	require.NoError(t, err)
	history.Load(t, whole, questions.Shop())
	history.Load(t, cut, questions.Shop())
	names, err := filter.ReadNames(t.Context(), whole)
	require.NoError(t, err)
	types := slices.Concat(slices.Collect(maps.Keys(askedOfEvents)), notOfEvents)
	require.ElementsMatch(t, slices.Collect(maps.Keys(Questions)), types, "every query type is looked at")

	all, within := questions.ShopContext(), questions.ShopContext()
	within.From, within.To = time.Date(2026, 3, 1, 8, 2, 0, 0, time.UTC), time.Date(2026, 3, 1, 8, 8, 30, 0, time.UTC)
	seen := 0
	for queryType, list := range askedOfEvents {
		for _, options := range list {
			for _, c := range []query.Context{all, within} {
				c.Names = names
				question := func() query.Question {
					q := Questions[queryType]()
					require.NoError(t, json.Unmarshal([]byte(options), q), options)
					return q
				}
				want, got := questions.Ask(t, whole, c, question()), questions.Ask(t, cut, c, question())
				if dataOf(t, want) != dataOf(t, got) {
					seen++
					require.True(t, saysTruncated(got), "%s %s: %s\n%s", queryType, options, dataOf(t, want), dataOf(t, got))
				}
				require.False(t, saysTruncated(want), "%s %s", queryType, options)
			}
		}
	}
	var file strings.Builder
	require.NoError(t, (&users.Profiles{WhichUsers: users.WhichUsers{Selection: query.Selection{Filter: "page:/cart"}}, Columns: []string{"user_id", "views"}}).WriteCSV(
		t.Context(), cut, all, &file))
	require.Equal(t, "user_id,views\nu-2,2\n\""+query.TruncatedText+"\"\n", file.String(), "u-1 was at /cart later")
	require.Greater(t, seen, 10, "some of the questions need what was cut off")
}

// dataOf is what the frames hold, without how it was found.
func dataOf(t *testing.T, frames data.Frames) string {
	t.Helper()
	var texts []string
	for _, frame := range frames {
		bare := *frame
		bare.Meta = nil
		text, err := data.FrameToJSON(&bare, data.IncludeDataOnly)
		require.NoError(t, err)
		texts = append(texts, string(text))
	}
	return strings.Join(texts, "\n")
}

func saysTruncated(frames data.Frames) bool {
	return slices.ContainsFunc(frames, func(f *data.Frame) bool {
		return f.Meta != nil && slices.ContainsFunc(questions.Notices(f), func(text string) bool {
			return text == query.TruncatedText || strings.Contains(text, "so long that only")
		})
	})
}
