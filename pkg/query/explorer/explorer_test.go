package explorer

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// explorerOf reads options as a query has them.
func explorerOf(t require.TestingT, options string) *Explorer {
	q := NewExplorer()
	require.NoError(t, query.DecodeOptions([]byte(options), q), options)
	return q
}

func TestExplorerGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for name, options := range map[string]string{
		"default": `{"interval": "week"}`,
		"series": `{
			"over": "sessions", "interval": "month", "facets": [{"attribute": "country", "limit": 2, "other": true}],
			"measures": [{"measure": "users"}, {"measure": "median", "attribute": "session_duration", "name": "Typical length"}]
		}`,
		"table": `{
			"format": "table", "facets": [{"attribute": "country"}, {"attribute": "page", "limit": 1}],
			"measures": [
				{"measure": "count", "filter": "type:view"}, {"measure": "users"},
				{"measure": "avg", "attribute": "time_on_page"}, {"measure": "sum", "attribute": "price"}
			]
		}`,
		"value": `{
			"format": "value",
			"measures": [{"ratio": {"of": {"measure": "users", "filter": "page:/checkout"}, "to": {"measure": "users"}}, "name": "Conversion"}]
		}`,
		"users":  `{"over": "users", "format": "value", "facets": [{"attribute": "usr.plan"}], "measures": [{"measure": "count"}]}`,
		"nobody": `{"filter": "user_id:nobody", "facets": [{"attribute": "page"}]}`,
	} {
		t.Run(name, func(t *testing.T) {
			frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, options))
			questions.Golden(t, "explorer_"+name, frame)
		})
	}
}

func TestExplorerSaysWhatIsLeftOut(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	say := func(options string, c query.Context) []string {
		return questions.Notices(questions.AskOne(t, db, c, explorerOf(t, options)))
	}
	c := questions.ShopContext()
	require.Nil(t, say(`{"facets": [{"attribute": "page", "limit": 4}]}`, c))
	require.Equal(t, []string{"Page: showing the first 2 of 4 values"}, say(`{"facets": [{"attribute": "page", "limit": 2}]}`, c))
	require.Nil(t, say(`{"facets": [{"attribute": "page", "limit": 2, "other": true}]}`, c))
	require.Equal(t, []string{"Page: showing the first 1 values of each group, which have up to 3"},
		say(`{"facets": [{"attribute": "user_id"}, {"attribute": "page", "limit": 1}]}`, c))
	require.Equal(t, []string{"A time series has at most 1,000 points: showing one per hour instead of one per minute"},
		say(`{"interval": "minute"}`, c))
	c.MaxRows = 3
	require.Equal(t, []string{"Showing the first 3 of 4 groups"}, say(`{"format": "table", "facets": [{"attribute": "page"}]}`, c))
}

func TestExplorerTellsOfTruncatedSessions(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.settings set session_event_cap = 2`)
	require.NoError(t, err)
	history.Load(t, db, questions.Shop())
	for options, want := range map[string][]string{
		`{"filter": "page:/cart"}`:                      nil,
		`{"filter": "has(page:/cart)"}`:                 {query.TruncatedText},
		`{"over": "sessions", "filter": "page:/cart"}`:  {query.TruncatedText},
		`{"over": "sessions", "filter": "exit_page:/"}`: nil,
		`{"over": "users", "filter": "usr.plan:pro"}`:   nil,
		`{"over": "users", "filter": "-has(page:/no)"}`: {query.TruncatedText},
	} {
		require.Equal(t, want, questions.Notices(questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, options))), options)
	}
}

func TestExplorerCountsEachFrustrationOfAnEvent(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-03-02", Type: "action", ActionType: "click", UserID: "a", SessionID: "1", Frustration: "rage_click,dead_click"},
		{TS: "2026-03-03", Type: "action", ActionType: "click", UserID: "b", SessionID: "2", Frustration: "dead_click"},
	})
	frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, `{"format": "table", "facets": [{"attribute": "frustration"}]}`))
	require.Equal(t, []any{"dead_click", "rage_click"}, questions.Values(t, frame, "frustration"))
	require.Equal(t, []any{2.0, 1.0}, questions.Values(t, frame, "Events"))
	frame = questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, `{"format": "table", "facets": [{"attribute": "type"}, {"attribute": "frustration"}]}`))
	require.Equal(t, []any{"action", "action"}, questions.Values(t, frame, "type"))
}

// An event counts in each element of a list, once; equal numbers are one value, texts are told apart as they are written.
func TestExplorerCountsEachElementOfAList(t *testing.T) {
	db := testdb.New(t)
	c := questions.Context()
	c.From, c.To = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	for over, names := range map[string][2]string{"events": {"attributes.tags", "Events"}, "users": {"usr.tags", "Users"}} {
		questions.StorePeople(t, db, strings.TrimPrefix(names[0], "attributes."),
			[]string{"new", "sale", "new"}, []string{"sale"}, "sale", []string{}, 7, json.Number("7.0"), "7", "007", nil)
		frame := questions.AskOne(t, db, c, explorerOf(t, `{"over": "`+over+`", "format": "table", "facets": [{"attribute": "`+names[0]+`"}]}`))
		require.Equal(t, []any{"7", "sale", "(none)", "007", "new"}, questions.Values(t, frame, names[0]), over)
		require.Equal(t, []any{3.0, 3.0, 2.0, 1.0, 1.0}, questions.Values(t, frame, names[1]), over)
	}
}

// A user in several buckets is one user where values are ranked over the whole range.
func TestExplorerRanksEachUserOnce(t *testing.T) {
	db := testdb.New(t)
	visit := func(user, plan, ts string) event.Row {
		return event.Row{TS: ts, Type: "view", UserID: user, SessionID: user + ts, Attributes: `{"usr.plan": "` + plan + `"}`}
	}
	history.Load(t, db, []event.Row{
		visit("a", "pro", "2026-03-02"), visit("a", "pro", "2026-03-03"), visit("a", "pro", "2026-03-04"),
		visit("b", "free", "2026-03-02T01:00"), visit("b", "free", "2026-03-02T02:00"),
		visit("b", "free", "2026-03-02T03:00"), visit("b", "free", "2026-03-02T04:00"),
	})
	frame := questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, `{
		"over": "users", "interval": "day", "facets": [{"attribute": "usr.plan"}],
		"measures": [{"measure": "sum", "attribute": "sessions"}]
	}`))
	require.Equal(t, data.Labels{"usr.plan": "free"}, frame.Fields[1].Labels)
	require.Equal(t, data.Labels{"usr.plan": "pro"}, frame.Fields[2].Labels)
}

// What no double precision holds must not fail a whole question.
func TestExplorerIgnoresWhatIsNoNumber(t *testing.T) {
	db := testdb.New(t)
	questions.StorePeople(t, db, "price", "1e5", " 1", "", "abc", "NaN", "1e999", "-1e-999", strings.Repeat("9", 400), json.Number("2.5"), true, []int{10, 20}, "007", "1,000")
	c := questions.Context()
	c.From, c.To = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)
	frame := questions.AskOne(t, db, c, explorerOf(t, `{"format": "value", "measures": [
		{"measure": "sum", "attribute": "price"}, {"measure": "count"}]}`))
	require.Equal(t, []any{100002.5}, questions.Values(t, frame, "Sum of price"))
	require.Equal(t, []any{13.0}, questions.Values(t, frame, "Events"))
}

// Of whole days it counts who did something within them, not before.
func TestExplorerOfWholeDaysFindsWhoDidSomethingInThem(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-03-01T15:00:00Z", Type: "view", ViewPath: "/cart", UserID: "u-1", SessionID: "a"}, // on a day that is cut
		{TS: "2026-03-02T15:00:00Z", Type: "view", ViewPath: "/", UserID: "u-1", SessionID: "b"},
		{TS: "2026-03-02T16:00:00Z", Type: "view", ViewPath: "/cart", UserID: "u-2", SessionID: "c"},
	})
	c := questions.ShopContext()
	c.From, c.To = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	for options, users := range map[string]float64{
		`{"over": "users", "filter": "page:/cart", "interval": "day", "whole": true, "fill": false, "facets": [{"attribute": "user_id"}]}`: 1,
		`{"over": "users", "filter": "page:/cart", "format": "value"}`:                                                                     2,
	} {
		frame := questions.AskOne(t, db, c, explorerOf(t, options))
		sum := 0.0
		for _, field := range frame.Fields {
			if field.Type() == data.FieldTypeNullableFloat64 {
				for i := range field.Len() {
					if n, is := field.ConcreteAt(i); is {
						sum += n.(float64)
					}
				}
			}
		}
		require.Equal(t, users, sum, options)
	}
}

func TestExplorerLinksToUsers(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, append(questions.Shop(), event.Row{TS: "2026-03-02", Type: "view", SessionID: "of nobody"}))
	links := func(options string) map[string]string {
		found := map[string]string{}
		for _, field := range questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, options)).Fields {
			key := field.Name + field.Labels["user_id"] + field.Labels["user_name"]
			require.NotContains(t, found, key)
			found[key] = ""
			for _, link := range field.Config.Links {
				found[key] += link.URL
			}
		}
		return found
	}
	require.Equal(t, map[string]string{
		"user_id":    "/a/footfall-analytics-app/users/profile?user=${__value.raw:percentencode}",
		"user_name":  "/a/footfall-analytics-app/users/profile?user=${__data.fields.user_id:percentencode}",
		"user_email": "/a/footfall-analytics-app/users/profile?user=${__data.fields.user_id:percentencode}",
		"Events":     "",
	}, links(`{"format": "table", "facets": [{"attribute": "user_name"}, {"attribute": "user_id"}, {"attribute": "user_email"}]}`))
	require.Equal(t, map[string]string{"user_name": "", "Events": ""},
		links(`{"format": "table", "facets": [{"attribute": "user_name"}]}`), "several users can have a name")
	require.Equal(t, map[string]string{
		"Eventsu-1": "/a/footfall-analytics-app/users/profile?user=${__field.labels.user_id:percentencode}", "Events(other)": "",
	}, links(`{"format": "value", "facets": [{"attribute": "user_id", "limit": 1, "other": true}]}`))
	require.Equal(t, map[string]string{"Events(none)": ""},
		links(`{"format": "value", "filter": "-user_id:*", "facets": [{"attribute": "user_id"}]}`))
	require.Equal(t, map[string]string{"EventsBob": ""},
		links(`{"format": "value", "filter": "user_name:Bob", "facets": [{"attribute": "user_name"}]}`))
}

// TestExplorerFramesSuitAlertRules: rules take time series and numbers told apart by labels, and refuse other texts.
func TestExplorerFramesSuitAlertRules(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for format, want := range map[Format]data.FrameType{"timeseries": data.FrameTypeTimeSeriesWide, "value": data.FrameTypeNumericWide} {
		q := explorerOf(t, `{"facets": [{"attribute": "country"}], "measures": [{"measure": "count"}, {"measure": "users"}]}`)
		q.Format = format
		frame := questions.AskOne(t, db, questions.ShopContext(), q)
		require.Equal(t, want, frame.Meta.Type)
		for _, field := range frame.Fields {
			require.Contains(t, []data.FieldType{data.FieldTypeTime, data.FieldTypeNullableFloat64}, field.Type())
		}
	}
	q := explorerOf(t, `{"facets": [{"attribute": "country"}]}`)
	frame := questions.AskOne(t, db, questions.ShopContext(), q)
	require.Equal(t, data.TimeSeriesTypeWide, frame.TimeSeriesSchema().Type)
}

func TestExplorerRefuses(t *testing.T) {
	for options, wanted := range map[string]string{
		`{"over": "users; --"}`:                              `options.over is "users; --"; it must be events, sessions or users`,
		`{"format": "chart"}`:                                `options.format is "chart"; it must be timeseries, table or value`,
		`{"interval": "year"}`:                               `options.interval is "year"; it must be one of auto, minute`,
		`{"facets": [{}]}`:                                   `options.facets[0].attribute names no attribute`,
		`{"facets": [{"attribute": "'; drop"}]}`:             "options.facets[0].attribute names no attribute: unknown attribute `'; drop`",
		`{"facets": [{"attribute": "page", "limit": 1001}]}`: `options.facets[0].limit must be 1 to 1000, not 1001`,
		`{"facets": [{"attribute": "page", "limit": -1}]}`:   `options.facets[0].limit must be 1 to 1000, not -1`,
		`{"facets": [{"attribute": "page", "limit": 200}, {"attribute": "action", "limit": 200}]}`:                    `options.facets[1].limit makes more than 10000 groups`,
		`{"facets": [{"attribute": "page"}, {"attribute": "@view.url_path"}]}`:                                        `options.facets[1].attribute repeats "page"`,
		`{"facets": [{"attribute": "page"}, {"attribute": "action"}, {"attribute": "type"}, {"attribute": "error"}]}`: `options.facets has 4 entries, more than 3`,
		`{"over": "sessions", "facets": [{"attribute": "page"}]}`:                                                     `options.facets[0].attribute is "page", an attribute of events, and sessions have no one value of it; ask over events`,
		`{"over": "users", "facets": [{"attribute": "country"}]}`:                                                     `options.facets[0].attribute is "country", an attribute of sessions, and users have`,
		`{"measures": [{}]}`:                                                                  `options.measures[0].measure is ""; it must be count, users, sessions, sum`,
		`{"measures": [{"measure": "count(*)"}]}`:                                             `options.measures[0].measure is "count(*)"`,
		`{"measures": [{"measure": "count", "attribute": "duration"}]}`:                       `options.measures[0].attribute is "duration", but count takes none`,
		`{"measures": [{"measure": "sum", "attribute": "country"}]}`:                          `options.measures[0].attribute is "country", a text; it must be a number or a duration`,
		`{"measures": [{"measure": "sum"}]}`:                                                  `options.measures[0].attribute names no attribute`,
		`{"measures": [{"measure": "avg", "attribute": "last_seen"}]}`:                        `options.measures[0].attribute is "last_seen", a time`,
		`{"over": "sessions", "measures": [{"measure": "avg", "attribute": "duration"}]}`:     `options.measures[0].attribute is "duration", an attribute of events`,
		`{"over": "sessions", "measures": [{"measure": "avg", "attribute": "time_on_page"}]}`: `options.measures[0].attribute names no attribute`,
		`{"measures": [{"measure": "count", "filter": "("}]}`:                                 `options.measures[0].filter is wrong: at 1`,
		`{"measures": [{"measure": "count", "filter": "contry:BR"}]}`:                         "options.measures[0].filter is wrong: at 1: unknown attribute `contry`",
		`{"measures": [{"ratio": {"of": {"measure": "count"}, "to": {"measure": "summ"}}}]}`:  `options.measures[0].ratio.to.measure is "summ"`,
		`{"measures": [{"ratio": {"of": {"ratio": {}}, "to": {"measure": "count"}}}]}`:        `options.measures[0].ratio is one of a ratio`,
		`{"measures": [{"measure": "count", "ratio": {}}]}`:                                   `options.measures[0] is a ratio; measure, attribute and filter belong into`,
		`{"measures": [` + strings.Repeat(`{},`, 20) + `{}]}`:                                 `options.measures has 21 entries, more than 20`,
		`{"measures": [{"measure": "count", "name": "` + strings.Repeat("a", 201) + `"}]}`:    `options.measures[0].name is longer than 200 bytes`,
		`{"filter": "has(page:/ has(page:/))"}`:                                               `options.filter is wrong`,
		`{"filter": "contry:BR"}`:                                                             "options.filter is wrong: at 1: unknown attribute `contry`",
	} {
		_, err := explorerOf(t, options).Prepare(questions.Context())
		require.ErrorAs(t, err, &query.InvalidError{}, options)
		require.ErrorContains(t, err, wanted)
	}
	c := questions.Context()
	c.To = c.From
	_, err := NewExplorer().Prepare(c)
	require.ErrorContains(t, err, "timeRange ends")
}

// A dashboard's variable stands for a text: it chooses a measure as well as the fields of one do, and a number.
func TestExplorerReadsTextsOfVariables(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for text, meant := range map[string]string{
		`{"measures": [{"measure": "users"}]}`:                 `{"measures": [{"measure": "users"}]}`,
		`{"measures": [{"measure": "median time_on_page"}]}`:   `{"measures": [{"measure": "median", "attribute": "time_on_page"}]}`,
		`{"measures": [{"measure": "sum  attributes.price"}]}`: `{"measures": [{"measure": "sum", "attribute": "attributes.price"}]}`,
		`{"measures": [{"measure": "sum price / users", "filter": "country:BR", "name": "Worth"}]}`: `{"measures": [{"name": "Worth", "ratio": {
			"of": {"measure": "sum", "attribute": "price", "filter": "country:BR"}, "to": {"measure": "users", "filter": "country:BR"}}}]}`,
		`{"measures": [{"ratio": {"of": {"measure": "sum price"}, "to": {"measure": "users"}}}]}`: `{"measures": [{"ratio": {
			"of": {"measure": "sum", "attribute": "price"}, "to": {"measure": "users"}}}]}`,
		`{"facets": [{"attribute": "page", "limit": "2"}]}`: `{"facets": [{"attribute": "page", "limit": 2}]}`,
		`{"facets": [{"attribute": "page", "limit": ""}]}`:  `{"facets": [{"attribute": "page"}]}`,
	} {
		answer := func(options string) string {
			q := explorerOf(t, options)
			q.Format = formatTable
			table, err := questions.AskOne(t, db, questions.ShopContext(), q).StringTable(-1, -1)
			require.NoError(t, err)
			return table
		}
		require.Equal(t, answer(meant), answer(text), text)
	}
}

func TestExplorerRefusesTextsOfVariables(t *testing.T) {
	for text, wanted := range map[string]string{
		`{"measures": [{"measure": "users / summ"}]}`:                `options.measures[0].ratio.to.measure is "summ"; it must be count, users`,
		`{"measures": [{"measure": "users / count / users"}]}`:       `options.measures[0].ratio is one of a ratio`,
		`{"measures": [{"measure": "users duration"}]}`:              `options.measures[0].attribute is "duration", but users takes none`,
		`{"measures": [{"measure": "p95 durration"}]}`:               "options.measures[0].attribute names no attribute: unknown attribute `durration`, did you mean",
		`{"measures": [{"measure": "$measure"}]}`:                    `options.measures[0].measure is "$measure"; it must be count, users`,
		`{"over": "$over"}`:                                          `options.over is "$over"; it must be events, sessions or users`,
		`{"interval": "1h"}`:                                         `options.interval is "1h"; it must be one of auto, minute, hour`,
		`{"facets": [{"attribute": "$facet"}]}`:                      "options.facets[0].attribute names no attribute: unknown attribute `$facet`",
		`{"facets": [{"attribute": "page"}, {"attribute": "page"}]}`: `options.facets[1].attribute repeats "page"; choose another or leave it out`,
	} {
		_, err := explorerOf(t, text).Prepare(questions.Context())
		require.ErrorContains(t, err, wanted)
	}
	err := query.DecodeOptions([]byte(`{"facets": [{"attribute": "page", "limit": "many"}]}`), NewExplorer())
	require.ErrorContains(t, err, "facets.limit")
}

// Texts of a user reach the database as values alone.
func TestExplorerTakesTextsAsTexts(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for _, text := range []string{"'; drop table footfall.events; --", `"`, `\`, "%s", "$1", "a'b", "{}", "🦄", "/*", "%!d(string=x)"} {
		quoted, err := json.Marshal(text)
		require.NoError(t, err)
		q := explorerOf(t, `{"format": "table"}`)
		q.Filter = "page:" + string(quoted)
		q.Facets = []Facet{{Attribute: "attributes." + text}, {Attribute: "usr." + text}}
		q.Measures = []Measure{{Measure: "count", Name: text}, {Measure: "sum", Attribute: "attributes." + text, Filter: "city:" + string(quoted)}}
		require.Zero(t, questions.AskOne(t, db, questions.ShopContext(), q).Rows(), text)
	}
}

// Expressions of alert rules tell series apart by their labels and by nothing else.
func TestExplorerSeriesDifferInTheirLabels(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	for _, options := range []string{
		`{"measures": [{"measure": "count"}, {"measure": "users"}]}`,
		`{"format": "value", "measures": [{"measure": "count"}, {"measure": "users"}]}`,
		`{"format": "value", "measures": [{"measure": "count"}, {"measure": "users"}], "facets": [{"attribute": "page"}]}`,
	} {
		known := map[string]bool{}
		for _, field := range questions.AskOne(t, db, questions.ShopContext(), explorerOf(t, options)).Fields {
			if !field.Type().Time() {
				require.False(t, known[field.Labels.String()], "%s: %s twice", options, field.Labels)
				known[field.Labels.String()] = true
			}
		}
		require.Greater(t, len(known), 1)
	}
}

func TestSegmentIsNoFacetOrMeasure(t *testing.T) {
	c := questions.Context()
	c.Names.Segments = map[string]int32{"premium": 1}
	for field, options := range map[string]string{
		"facets[0].attribute":   `{"facets": [{"attribute": "segment"}]}`,
		"facets[1].attribute":   `{"over": "users", "facets": [{"attribute": "last_country"}, {"attribute": "segment"}]}`,
		"measures[0].attribute": `{"over": "sessions", "measures": [{"measure": "avg", "attribute": "segment"}]}`,
	} {
		_, err := explorerOf(t, options).Prepare(c)
		require.ErrorContains(t, err, field)
		require.ErrorContains(t, err, "use it in a filter")
	}
}
