package plugin

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// TestAnswersDoNotDependOnTheServersTimeZone: a session of nearly a day that reaches into the range over the night in which
// the server's clocks are set forward.
func TestAnswersDoNotDependOnTheServersTimeZone(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-03-28T23:00:00Z", Type: "view", UserID: "ann", SessionID: "long", ViewPath: "/"},
		{TS: "2026-03-29T22:45:00Z", Type: "view", UserID: "ann", SessionID: "long", ViewPath: "/late"},
	})
	berlin := testdb.Connect(t, db.Config().ConnString()+"&timezone=Europe/Berlin")
	c := questions.Context()
	c.From, c.To = time.Date(2026, 3, 29, 22, 30, 0, 0, time.UTC), time.Date(2026, 3, 30, 0, 0, 0, 0, time.UTC)
	for queryType, options := range map[string]string{
		"events":         `{}`,
		"topPages":       `{}`,
		"explorer":       `{"format": "table", "facets": [{"attribute": "page"}]}`,
		"profiles":       `{"filter": "has(page:/late)", "activeInRange": true}`,
		"segmentMembers": `{"segment": {"where": {"did": {"event": "page:/late", "window": {"from": "2026-03-29T22:30:00Z"}}}}}`,
	} {
		question := func() query.Question {
			q := Questions[queryType]()
			require.NoError(t, json.Unmarshal([]byte(options), q), options)
			return q
		}
		want := questions.Ask(t, db, c, question())
		require.Equal(t, 1, want[0].Rows(), queryType)
		require.Equal(t, dataOf(t, want), dataOf(t, questions.Ask(t, berlin, c, question())), queryType)
	}
}
