package explorer

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Users who come first are found from packed sessions, and are those that are defined.
func TestExplorerFindsFirstUsersAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		_, err := db.Exec(context.Background(), `update footfall.settings set session_event_cap = $1`, rapid.SampledFrom([]int{2, 20_000, 20_000}).Draw(t, "cap"))
		require.NoError(t, err)
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 6 {
			c, q := drawExplorerContext(t), drawCountable(t)
			q.Facets = append([]Facet{{"user_id", FacetLimit(rapid.IntRange(1, 4).Draw(t, "first")), false}}, q.Facets[:min(2, len(q.Facets))]...)
			first := Measure{Measure: rapid.SampledFrom([]MeasureName{countRows, countSessions}).Draw(t, "ranked by")}
			if q.Over == overUsers {
				first.Measure = countSessions
			}
			if len(q.Measures) > 0 {
				first.Filter = q.Measures[0].Filter
			}
			q.Measures, q.Latest = append([]Measure{first}, q.Measures...), rapid.Bool().Draw(t, "latest")
			plan, err := q.plan(c)
			require.NoError(t, err)
			require.NotNil(t, plan.first)
			requireExplorer(t, reader, c, q, world)
		}
	})
}

// What decides about who is looked at.
func TestFirstUsers(t *testing.T) {
	db := testdb.New(t)
	view := func(user, anonymous, session, minute string) event.Row {
		return event.Row{TS: "2026-03-02T10:" + minute, Type: "view", ViewPath: "/", UserID: user, AnonymousID: anonymous, SessionID: session}
	}
	var rows []event.Row
	for minute := 31; minute < 40; minute++ { // after the range, and before it
		rows = append(rows, view("d", "", "6", fmt.Sprint(minute)))
		early := view("e", "", "7", fmt.Sprint(minute))
		early.TS = strings.Replace(early.TS, "T10:", "T09:", 1)
		rows = append(rows, early)
	}
	history.Load(t, db, append(rows, []event.Row{
		view("a", "", "1", "00"), view("a", "", "1", "01"), view("a", "", "1", "02"), view("a", "", "2", "03"),
		view("b", "", "3", "00"), view("b", "", "3", "01"), view("b", "", "3", "02"),
		view("", "b", "4", "03"), view("", "b", "4", "04"), // as many as of a, with those of the user of that id one more
		view("c", "", "5", "00"), view("d", "", "6", "00"), view("e", "", "7", "00"),
		view("", "", "8", "00"), view("", "", "8", "01"),
	}...))
	c := questions.ShopContext()
	c.From = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)
	c.To = c.From.Add(30 * time.Minute)
	ask := func(limit, measure string) (ids, numbers, executed any) {
		q := explorerOf(t, `{"format": "table", "facets": [{"attribute": "user_id", "limit": `+limit+`}], "measures": [{"measure": "`+measure+`", "name": "n"}]}`)
		plan, err := q.plan(c)
		require.NoError(t, err)
		require.NotNil(t, plan.first)
		frame := questions.AskOne(t, db, c, q)
		require.Contains(t, questions.Notices(frame), "User ID: showing the first "+limit+" of 6 values")
		return questions.Values(t, frame, "user_id"), questions.Values(t, frame, "n"), frame.Meta.ExecutedQueryString
	}
	const narrowed = `case when s.user_key < 8`
	ids, numbers, executed := ask("2", "count")
	require.Equal(t, []any{"b", "a"}, ids)
	require.Equal(t, []any{5.0, 4.0}, numbers)
	require.Contains(t, executed, narrowed)
	ids, numbers, executed = ask("3", "count") // nobody is the third
	require.Equal(t, []any{"b", "a", "(none)"}, ids)
	require.Equal(t, []any{5.0, 4.0, 2.0}, numbers)
	require.NotContains(t, executed, narrowed)
	ids, _, _ = ask("1", "sessions") // of events b has more
	require.Equal(t, []any{"a"}, ids)
	ids, numbers, executed = ask("2", "sessions")
	require.Equal(t, []any{"a", "b"}, ids)
	require.Equal(t, []any{2.0, 2.0}, numbers)
	require.Contains(t, executed, narrowed)
}
