package explorer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/query/counting"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// What is counted from packed sessions is what is defined, by all that they, tokens and users tell, whether or not some are
// truncated.
func TestExplorerCountsPackedSessionsAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	said := map[bool]int{}
	most := counting.MostTried
	defer func() { counting.MostTried = most }()
	rapid.Check(t, func(t *rapid.T) {
		counting.MostTried = rapid.SampledFrom([]int{0, 3, 20, most}).Draw(t, "most tried")
		_, err := db.Exec(context.Background(), `update footfall.settings set session_event_cap = $1`, rapid.SampledFrom([]int{2, 20_000, 20_000}).Draw(t, "cap"))
		require.NoError(t, err)
		world := history.Load(t, db, history.Rows(t), history.PageGroups(t)...)
		for range 6 {
			c, q := drawExplorerContext(t), drawCountable(t)
			plan, err := q.plan(c)
			require.NoError(t, err)
			require.NotNil(t, plan.counting)
			if q.asksWhatEventsSay() {
				_, counts, err := plan.ways(context.Background(), reader)
				require.NoError(t, err)
				said[counts]++
			}
			requireExplorer(t, reader, c, q, world)
		}
	})
	t.Logf("questions on attributes of events answered from packed ones: %d, from events: %d", said[true], said[false])
	require.NotZero(t, said[true])
	require.NotZero(t, said[false])
}

func (q *Explorer) asksWhatEventsSay() bool {
	text, _ := json.Marshal(q)
	return bytes.Contains(text, []byte(`"attributes.`))
}

func drawCountable(t *rapid.T) *Explorer {
	q := NewExplorer()
	q.Over = rapid.SampledFrom([]Over{overEvents, overEvents, overSessions, overUsers}).Draw(t, "over")
	q.Format = rapid.SampledFrom([]Format{formatSeries, formatTable, formatValue}).Draw(t, "format")
	q.Interval = rapid.SampledFrom(intervals).Draw(t, "interval")
	q.Fill, q.IncludeAnonymous = rapid.Bool().Draw(t, "fill"), rapid.Bool().Draw(t, "anonymous")
	facets := []string{"usr.plan", "usr.tags", "first_country"}
	filters := []string{"", "", "usr.plan:pro", "-usr.plan:pro", "user_id:ann"}
	values := []string{}
	if q.Over != overUsers {
		facets = append(facets, "country", "device_type", "browser_name", "application", "entry_page", "exit_page")
		filters = append(filters, "country:BR", "-country:BR OR usr.plan:pro", "session_events:>2", "exit_page:/c* -entry_page:/")
		values = append(values, "session_duration", "session_events")
	}
	if q.Over == overEvents {
		facets = append(facets, "page", "action", "error", "type", "frustration", "page", "frustration",
			"attributes.price", "attributes.tags", "attributes.app_version", "attributes.cart.total")
		filters = append(filters, "page:/cart", "type:view OR type:action", "user_id:ann -page:/", "-page:* country:BR", "frustration:*")
		values = append(values, "time_on_page", "duration", "duration", "attributes.price", "attributes.cart.total")
	}
	q.Filter = rapid.SampledFrom(filters).Draw(t, "filter")
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(facets), 0, 3, rapid.ID[string]).Draw(t, "facets") {
		q.Facets = append(q.Facets, Facet{id, FacetLimit(rapid.IntRange(0, 3).Draw(t, "limit")), rapid.Bool().Draw(t, "other")})
	}
	measures := []MeasureName{"count", "users", "sessions"}
	if len(values) > 0 {
		measures = append(measures, "sum", "avg", "min", "max", "median", "p75")
	}
	simple := rapid.Custom(func(t *rapid.T) Measure {
		m := Measure{Measure: rapid.SampledFrom(measures).Draw(t, "measure"), Filter: rapid.SampledFrom(filters).Draw(t, "own filter")}
		if functions[m.Measure] != "" {
			m.Attribute = rapid.SampledFrom(values).Draw(t, "value")
		}
		return m
	})
	q.Measures = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Measure {
		if rapid.IntRange(0, 4).Draw(t, "ratio") == 0 {
			return Measure{Ratio: &Ratio{simple.Draw(t, "of"), simple.Draw(t, "to")}}
		}
		return simple.Draw(t, "simple")
	}), 0, 3).Draw(t, "measures")
	return q
}

// What random histories hardly ever have.
func TestExplorerCountsWhatIsRare(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.settings set session_event_cap = 3`)
	require.NoError(t, err)
	view := func(user, anonymous, device, ts string) event.Row {
		return event.Row{TS: ts, Type: "view", UserID: user, AnonymousID: anonymous, SessionID: user + anonymous, DeviceType: device}
	}
	history.Load(t, db, []event.Row{
		view("a", "", "(other)", "2026-03-02T23:59:59.999"), view("a", "", "(other)", "2026-03-03"), view("a", "", "(other)", "2026-03-04"),
		view("", "v", "desktop", "2026-03-02"), view("b", "", "desktop", "2026-03-02T12:00"),
		view("c", "", "tv", "2026-02-10T00:00"), view("c", "", "tv", "2026-02-10T00:01"), view("c", "", "tv", "2026-02-10T00:02"), view("c", "", "tv", "2026-02-10T00:10"),
	})
	ask := func(options, field string, from, to int) []any {
		c := questions.Context()
		c.From, c.To = time.Date(2026, 3, from, 0, 0, 0, 0, time.UTC), time.Date(2026, 3, to, 0, 0, 0, 0, time.UTC)
		plan, err := explorerOf(t, options).plan(c)
		require.NoError(t, err)
		require.NotNil(t, plan.counting)
		return questions.Values(t, questions.AskOne(t, db, c, explorerOf(t, options)), field)
	}
	require.Equal(t, []any{3.0, 1.0}, ask(`{"interval": "day"}`, "Events", 2, 4), "a bucket holds its start and not its end, nor does the range")
	for _, filter := range []string{"", "type:view", "-type:error"} { // all events mean the same, or some
		require.Equal(t, []any{3.0, 1.0, 1.0}, ask(`{"interval": "day", "filter": "`+filter+`"}`, "Events", 2, 5), "a session goes on from one bucket to the next")
	}
	require.ElementsMatch(t, []any{"desktop", "(other)"}, ask(`{"format": "table", "facets": [{"attribute": "device_type", "limit": 5}],
		"measures": [{"measure": "sessions", "filter": "user_id:nobody -page:/"}]}`, "device_type", 2, 5), "what is there is a group, also with nothing that is counted")
	require.Equal(t, []any{2.0}, ask(`{"over": "users", "format": "value", "measures": [{"measure": "sessions"}]}`, "Sessions", 2, 4), "visitors are no users")
	require.Equal(t, []any{"desktop", "(other)"},
		ask(`{"format": "table", "facets": [{"attribute": "device_type", "limit": 2, "other": true}]}`, "device_type", 2, 5), "what the store calls other is no value")
	require.Equal(t, []any{600_000.0},
		ask(`{"over": "sessions", "format": "value", "measures": [{"measure": "max", "attribute": "session_duration"}]}`, "Maximum of session duration", -20, 1), "a truncated session is as long as it was")
}

// Where there is too much to keep of all values, one reading is enough if those that lead early are the first in the end.
func TestExplorerKeepsWhatLeads(t *testing.T) {
	defer func(most int) { counting.MostTried = most }(counting.MostTried)
	counting.MostTried = 0
	for _, test := range []struct {
		pages string // of each session, a minute after another; # is the session's own letter
		scans int64
		first []any
	}{
		{"/win /win /x#", 1, []any{"/win", 12.0, 6.0, 60_000.0}},
		{"/a# /a# /b# /b# /win /end#", 2, []any{"/win", 6.0, 6.0, 60_000.0}},
	} {
		db := testdb.New(t)
		var rows []event.Row
		for _, user := range []string{"u", "v", "w", "x", "y", "z"} {
			for minute, page := range strings.Fields(strings.ReplaceAll(test.pages, "#", user)) {
				ts := fmt.Sprintf("2026-03-02T00:%02d", minute)
				rows = append(rows, event.Row{TS: ts, Type: "view", UserID: user, SessionID: user, ViewPath: page})
			}
		}
		history.Load(t, db, rows)
		before := columns.Default.Scans()
		frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, `{"format": "table", "facets": [{"attribute": "page", "limit": 1}],
			"measures": [{"measure": "count"}, {"measure": "users"}, {"measure": "median", "attribute": "time_on_page"}]}`))
		require.Equal(t, test.scans, columns.Default.Scans()-before, test.pages)
		for i, want := range test.first {
			require.Equal(t, []any{want}, questions.Values(t, frame, frame.Fields[i].Name), test.pages)
		}
	}
}

// A session whose user has several values counts once in each, and so several times among the others, but is one session.
func TestExplorerCountsDifferentSessions(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-03-02", Type: "view", UserID: "a", SessionID: "1", Attributes: `{"usr.tags": ["x", "y", "z"], "usr.age": 30}`},
		{TS: "2026-03-03", Type: "view", UserID: "a", SessionID: "2"},
	})
	for _, more := range []string{"", `, {"measure": "max", "attribute": "usr.age"}`} { // which is not counted
		q := explorerOf(t, `{"over": "sessions", "format": "table", "facets": [{"attribute": "usr.tags", "limit": 1, "other": true}],
			"measures": [{"measure": "sessions"}, {"measure": "count"}`+more+`]}`)
		plan, err := q.plan(questions.ShopContext())
		require.NoError(t, err)
		require.Equal(t, more == "", plan.counting != nil)
		frame := questions.AskOne(t, db, questions.ShopContext(), q)
		require.Equal(t, []any{2.0, 2.0}, questions.Values(t, frame, frame.Fields[1].Name), more)
		require.Equal(t, []any{2.0, 4.0}, questions.Values(t, frame, frame.Fields[2].Name), more)
	}
}

// Durations of sessions that are not packed yet are read from events, and several events in no session count each.
func TestExplorerCountsDurationsOfAllEvents(t *testing.T) {
	db := testdb.New(t)
	resource := func(id, session, duration string) event.Row {
		return event.Row{ID: id, TS: "2026-03-02", Type: "resource", SessionID: session, Duration: duration}
	}
	history.Load(t, db, []event.Row{
		resource("1", "s", "12.5"), resource("2", "s", ""), resource("3", "", "100"), resource("4", "", "100"), resource("5", "", ""),
	})
	options := `{"format": "value", "measures": [{"measure": "sum", "attribute": "duration"}, {"measure": "count"}]}`
	for _, from := range []string{"-infinity", "infinity"} {
		_, err := db.Exec(t.Context(), `update footfall.columns set built_from = $1::text::timestamptz`, from)
		require.NoError(t, err)
		frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, options))
		require.Equal(t, []any{212.5}, questions.Values(t, frame, "Sum of duration"), from)
		require.Equal(t, []any{5.0}, questions.Values(t, frame, "Events"), from)
	}
}
