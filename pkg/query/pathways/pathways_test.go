package pathways

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// allRows are a frame's rows, each by its fields' names.
func allRows(t require.TestingT, frame *data.Frame) []map[string]any {
	rows := make([]map[string]any, frame.Rows())
	for i := range rows {
		rows[i] = map[string]any{}
	}
	for _, field := range frame.Fields {
		for i, value := range questions.Values(t, frame, field.Name) {
			rows[i][field.Name] = value
		}
	}
	return rows
}

// nodesOf are the numbers of each node: value, outgoing, dropoff, continues.
func nodesOf(t require.TestingT, frame *data.Frame) map[string]any {
	nodes := map[string]any{}
	for _, row := range allRows(t, frame) {
		node := pathwayNode{pathwayKind(row["kind"].(string)), row["name"].(string)}
		require.Equal(t, row["value"], row["incoming"])
		require.Equal(t, row["value"], row["mainstat"])
		key := fmt.Sprint(row["step"], node)
		require.NotContains(t, nodes, key)
		nodes[key] = []int64{row["value"].(int64), row["outgoing"].(int64), row["dropoff"].(int64), row["continues"].(int64)}
	}
	return nodes
}

// othersOf are, by step, how many pages and actions (other) stands for, which no other node says.
func othersOf(t require.TestingT, frame *data.Frame) map[int64][2]int64 {
	others := map[int64][2]int64{}
	for _, row := range allRows(t, frame) {
		if row["kind"] != "other" {
			require.Nil(t, row["pages"])
			require.Nil(t, row["actions"])
			continue
		}
		others[row["step"].(int64)] = [2]int64{row["pages"].(int64), row["actions"].(int64)}
	}
	return others
}

// edgesOf are the numbers of each link, and hands over its median time.
func edgesOf(t require.TestingT, frames data.Frames, take func(key string, time any)) map[string]any {
	names := map[any]pathwayNode{}
	for _, row := range allRows(t, frames[0]) {
		names[row["id"]] = pathwayNode{pathwayKind(row["kind"].(string)), row["name"].(string)}
	}
	edges := map[string]any{}
	for _, row := range allRows(t, frames[1]) {
		require.Contains(t, names, row["source"])
		require.Contains(t, names, row["target"])
		key := fmt.Sprint(row["step"], names[row["source"]], names[row["target"]])
		require.NotContains(t, edges, key)
		require.Equal(t, row["value"], row["mainstat"])
		edges[key] = []int64{row["value"].(int64)}
		take(key, row["median_time"])
	}
	return edges
}

// requireConserved: whatever comes to a node goes out of it.
func requireConserved(t require.TestingT, frames data.Frames, q *Pathways) {
	in, out := map[any]int64{}, map[any]int64{}
	for _, row := range allRows(t, frames[1]) {
		source, target := row["source"], row["target"]
		if q.plainlyBackward() {
			source, target = target, source
		}
		out[source] += row["value"].(int64)
		in[target] += row["value"].(int64)
	}
	first := int64(0)
	for _, row := range allRows(t, frames[0]) {
		number := func(name string) int64 { return row[name].(int64) }
		isTerminal := row["kind"] == "dropoff" || row["kind"] == "entry"
		switch {
		case isTerminal:
			require.Zero(t, out[row["id"]])
		case number("step") == int64(q.Steps):
			require.Equal(t, number("incoming"), number("dropoff")+number("continues"))
			require.Zero(t, out[row["id"]])
		default:
			require.Equal(t, number("incoming"), number("outgoing")+number("dropoff"))
			require.Equal(t, number("incoming"), out[row["id"]])
		}
		if number("step") == 1 {
			first += number("value")
		} else {
			require.Equal(t, number("value"), in[row["id"]])
		}
	}
	require.EqualValues(t, first, frames[0].Meta.Custom.(map[string]any)["counted"])
}

func TestPathwaysGolden(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	with := func(change func(*Pathways)) *Pathways {
		q := NewPathways()
		change(q)
		return q
	}
	for name, q := range map[string]*Pathways{
		"start":  with(func(q *Pathways) { q.Steps = 3 }),
		"before": with(func(q *Pathways) { q.Anchor, q.Page, q.Groups, q.Steps = "before", "/cart", []string{"/product/*"}, 2 }),
		"others": with(func(q *Pathways) { q.Actions, q.NodesPerStep, q.Steps = true, 1, 4 }),
		"nobody": with(func(q *Pathways) { q.Filter = "country:FR" }),
		"beside": with(func(q *Pathways) {
			q.Filter, q.Compare, q.Steps = "country:DE", &query.Selection{Filter: "country:BR"}, 2
		}),
	} {
		for _, frame := range questions.Ask(t, db, questions.ShopContext(), q) {
			questions.Golden(t, "pathways_"+name+"_"+strings.ReplaceAll(frame.Name, " ", "_"), frame)
		}
	}
}

func TestPathwaysRefuse(t *testing.T) {
	for wanted, options := range map[string]string{
		`options.anchor is "last"; it must be start, after, before or end`: `{"anchor": "last"}`,
		`options.anchor is ""`: `{"anchor": ""}`,
		`options.page is missing: with anchor "after" it must be a page, or a pattern such as /product/*`: `{"anchor": "after"}`,
		`options.page is missing: with anchor "before"`:                                                   `{"anchor": "before"}`,
		`options.page contains a NUL character`:                                                           `{"page": "a\u0000"}`,
		`options.page is longer than 8192 bytes`:                                                          `{"page": "` + strings.Repeat("a", 8193) + `"}`,
		`options.unit is "visit"; it must be session or user`:                                             `{"unit": "visit"}`,
		`options.repeats is "all"; it must be collapse or first`:                                          `{"repeats": "all"}`,
		`options.steps must be 2 to 20, not 1`:                                                            `{"steps": 1}`,
		`options.steps must be 2 to 20, not 9000000000000`:                                                `{"steps": 9000000000000}`,
		`options.nodesPerStep must be 1 to 50, not 0`:                                                     `{"nodesPerStep": 0}`,
		`options.nodesPerStep must be 1 to 50, not 51`:                                                    `{"nodesPerStep": 51}`,
		`options.minCount must be 0 to 1000000000, not -1`:                                                `{"minCount": -1}`,
		`options.groups[1] is empty; it must be a page`:                                                   `{"groups": ["/a", ""]}`,
		`options.groups[0] contains a NUL character`:                                                      `{"groups": ["\u0000"]}`,
		`options.groups has 101 entries, more than 100`:                                                   `{"groups": ["` + strings.Repeat(`a","`, 100) + `"]}`,
		`options.hide has 101 entries, more than 100`:                                                     `{"hide": ["` + strings.Repeat(`a","`, 100) + `"]}`,
		`options.hide[0] is longer than 8192 bytes`:                                                       `{"hide": ["` + strings.Repeat("a", 8193) + `"]}`,
		"options.filter is wrong: at 1: unknown attribute `contry`, did you mean `country`":               `{"filter": "contry:BR"}`,
		"options.compare.filter is wrong: at 1: unknown attribute":                                        `{"compare": {"filter": "contry:BR"}}`,
		`options.compare.includeSegments[0] names no segment: "x"`:                                        `{"compare": {"includeSegments": ["x"]}}`,
	} {
		q := NewPathways()
		require.NoError(t, json.Unmarshal([]byte(options), q))
		_, err := q.Prepare(questions.Context())
		require.ErrorAs(t, err, &query.InvalidError{}, wanted)
		require.ErrorContains(t, err, wanted)
	}
	c := questions.Context()
	c.From, c.To = c.To, c.From
	_, err := NewPathways().Prepare(c)
	require.ErrorContains(t, err, "timeRange ends")
}

func TestPathwayStepsRefuse(t *testing.T) {
	for wanted, text := range map[string]string{
		`options.pathway must have either a node or a link`:                        `{}`,
		`must have either a node or a link`:                                        `{"node": {"step": 1}, "link": {"step": 1}}`,
		`options.pathway.node.step must be 1 to 5, not 0`:                          `{"node": {"name": "/"}}`,
		`options.pathway.node.step must be 1 to 3, not 4`:                          `{"options": {"steps": 3}, "node": {"step": 4, "name": "/"}}`,
		`options.pathway.node.kind is "view"; it must be page`:                     `{"node": {"step": 1, "name": "/", "kind": "view"}}`,
		`options.pathway.link.step must be 1 to 4, not 5`:                          `{"link": {"step": 5, "from": "/", "to": "/cart"}}`,
		`options.pathway.link.fromKind is "x"`:                                     `{"link": {"step": 1, "fromKind": "x"}}`,
		`options.pathway.link.toKind is "x"`:                                       `{"link": {"step": 1, "toKind": "x"}}`,
		`options.pathway.options.steps must be 2 to 20, not 21`:                    `{"options": {"steps": 21}, "node": {"step": 1, "name": "/"}}`,
		`options.pathway.compared is true, but pathway.options.compare is missing`: `{"compared": true, "node": {"step": 1, "name": "/"}}`,
		"options.pathway.options.compare.filter is wrong: at 1: unknown attribute": `{"options": {"compare": {"filter": "x:1"}}, "node": {"step": 1, "name": "/"}}`,
		"options.pathway.options.filter is wrong: at 1: unknown attribute":         `{"options": {"filter": "x:1"}, "node": {"step": 1, "name": "/"}}`,
	} {
		var asked PathwayStep
		require.NoError(t, json.Unmarshal([]byte(text), &asked))
		c := questions.Context()
		_, err := asked.Condition(c, c.Compiler())
		require.ErrorAs(t, err, &query.InvalidError{}, wanted)
		require.ErrorContains(t, err, wanted)
	}
	require.ErrorContains(t, json.Unmarshal([]byte(`{"options": {"stepz": 3}}`), &PathwayStep{}), "stepz")
}

// TestNodesAreFoundByNameAlone: where no kind is given, a page comes before an action of the same name.
func TestNodesAreFoundByNameAlone(t *testing.T) {
	db := testdb.New(t)
	rows := []event.Row{
		{TS: "2026-03-01T08:00:00Z", Type: "view", UserID: "page", SessionID: "a", ViewPath: "same"},
		{TS: "2026-03-01T08:00:00Z", Type: "action", UserID: "action", SessionID: "b", ActionName: "same"},
		{TS: "2026-03-01T08:00:00Z", Type: "action", UserID: "action too", SessionID: "c", ActionName: "same"},
		{TS: "2026-03-01T08:00:00Z", Type: "view", UserID: "rest", SessionID: "d", ViewPath: "rare"},
		{TS: "2026-03-01T08:00:01Z", Type: "view", UserID: "rest", SessionID: "d", ViewPath: "(other)"},
	}
	history.Load(t, db, rows)
	q := NewPathways()
	q.Actions, q.NodesPerStep = true, 2
	count := func(asked PathwayStep) int {
		asked.Options = *q
		return len(sessionsBehind(t, db, questions.ShopContext(), &asked))
	}
	require.Equal(t, 1, count(PathwayStep{Node: &PathwayNode{Step: 1, Name: "(other)"}}))
	require.Equal(t, 2, count(PathwayStep{Node: &PathwayNode{Step: 1, Name: "same"}}), "rare comes before the page of this name")
	require.Equal(t, 0, count(PathwayStep{Node: &PathwayNode{Step: 1, Name: "same", Kind: "page"}}))
	q.NodesPerStep = 3
	require.Equal(t, 1, count(PathwayStep{Node: &PathwayNode{Step: 1, Name: "same"}}))
	require.Equal(t, 2, count(PathwayStep{Node: &PathwayNode{Step: 1, Name: "same", Kind: "action"}}))
	require.Equal(t, 1, count(PathwayStep{Node: &PathwayNode{Step: 2, Name: "(other)"}}), "a page can have this name")
	require.Equal(t, 0, count(PathwayStep{Node: &PathwayNode{Step: 2, Name: "(other)", Kind: "other"}}))
	require.Equal(t, 3, count(PathwayStep{Node: &PathwayNode{Step: 2, Name: "(dropoff)"}}))
	require.Equal(t, 1, count(PathwayStep{Link: &PathwayLink{Step: 1, From: "same", To: "(dropoff)"}}))
	require.Equal(t, 0, count(PathwayStep{Node: &PathwayNode{Step: 1, Name: "unheard of"}}))
}

// Pages can be named by the paths that are sent, in every option.
func TestPathwaysTakePathsAsTheyAreSent(t *testing.T) {
	db := testdb.New(t)
	var rows []event.Row
	for i, path := range []string{"/user/12345", "/about?ref=mail", "/user/7/edit", "/cart"} {
		rows = append(rows, event.Row{TS: fmt.Sprintf("2026-03-01T08:00:0%dZ", i), Type: "view", UserID: "ann", SessionID: "a", ViewPath: path})
	}
	rows = append(rows, event.Row{TS: "2026-03-01T08:00:04Z", Type: "action", UserID: "ann", SessionID: "a", ActionName: "/about"})
	history.Load(t, db, rows)
	c := questions.ShopContext()
	var err error
	c.Names, err = filter.ReadNames(t.Context(), db)
	require.NoError(t, err)
	c.Asked = &filter.Asked{}
	q := NewPathways()
	q.Anchor, q.Page, q.Actions = "after", "/user/1", true
	q.Hide, q.Groups = []string{"/about?ref=mail"}, []string{"/user/9/*"}
	frame := questions.Ask(t, db, c, q)[0]
	require.Equal(t, []any{"/user/?", "/user/9/*", "/cart", "/about", "(dropoff)"}, questions.Values(t, frame, "title"))
	q.Page = "/abot"
	questions.Ask(t, db, c, q)
	texts, err := c.Asked.Notices(t.Context(), db, c.Names)
	require.NoError(t, err)
	require.Len(t, texts, 1)
	require.Contains(t, texts[0], "the page /abot")
}

func TestPathwaysSayWhatIsNotCounted(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	q := NewPathways()
	q.Anchor, q.Page = "after", "/checkout"
	require.Equal(t, []string{"3 of 4 sessions are not counted: 3 without /checkout"}, questions.Notices(questions.Ask(t, db, questions.ShopContext(), q)[0]))
	q.Hide = []string{"/"}
	q.Unit = "user"
	require.Equal(t, []string{"2 of 3 users are not counted: 1 without /checkout, 1 without any node"},
		questions.Notices(questions.Ask(t, db, questions.ShopContext(), q)[0]))
}

func TestPathwaysSayThatSessionsAreTruncated(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.settings set session_event_cap = 2`)
	require.NoError(t, err)
	history.Load(t, db, questions.Shop())
	frames := questions.Ask(t, db, questions.ShopContext(), NewPathways())
	require.Equal(t, []string{"1 session is so long that only its first events are looked at"}, questions.Notices(frames[0]))
	require.Equal(t, data.NoticeSeverityWarning, frames[0].Meta.Notices[0].Severity)
}

// TestPathwaysSayThatTheirFilterSawTruncatedSessions which it may have left out for what happened later in them.
func TestPathwaysSayThatTheirFilterSawTruncatedSessions(t *testing.T) {
	db := testdb.New(t)
	_, err := db.Exec(t.Context(), `update footfall.settings set session_event_cap = 3`)
	require.NoError(t, err)
	history.Load(t, db, questions.Shop())
	said := func(q *Pathways) []string {
		frames := questions.Ask(t, db, questions.ShopContext(), q)
		require.Empty(t, frames[1].Meta.Notices)
		return questions.Notices(frames[0])
	}
	clicked := NewPathways()
	clicked.Filter = `action:"click on CHECKOUT"` // the fourth event of a session
	require.Equal(t, []string{query.TruncatedText}, said(clicked))
	german := NewPathways()
	german.Filter = "country:DE"
	require.Empty(t, said(german), "its sessions are whole")
	segment := NewPathways()
	require.NoError(t, json.Unmarshal([]byte(`{"excludeSegments": [{"where": {"did": {"event": "action:*"}}}]}`), segment))
	require.Empty(t, said(segment), "segments read what arrays lack")
}

// TestPathwaysOfUsersInterleaveSessions that run side by side, as in two windows of a browser.
func TestPathwaysOfUsersInterleaveSessions(t *testing.T) {
	db := testdb.New(t)
	var rows []event.Row
	for i, visit := range []struct{ session, page string }{{"a", "/"}, {"b", "/help"}, {"a", "/"}, {"b", "/cart"}} {
		at := time.Date(2026, 3, 1, 8, i, 0, 0, time.UTC).Format(time.RFC3339)
		rows = append(rows, event.Row{TS: at, Type: "view", UserID: "ann", SessionID: visit.session, ViewPath: visit.page})
	}
	history.Load(t, db, rows)
	q := NewPathways()
	q.Unit = "user"
	require.Equal(t, map[string]any{
		"1 {page /}": []int64{1, 1, 0, 0}, "2 {page /help}": []int64{1, 1, 0, 0}, "3 {page /}": []int64{1, 1, 0, 0},
		"4 {page /cart}": []int64{1, 0, 1, 0}, "5 {dropoff (dropoff)}": []int64{1, 0, 0, 0},
	}, nodesOf(t, questions.Ask(t, db, questions.ShopContext(), q)[0]))
}

// TestPathwaysSayWhatGoesOn beyond the last step, of three sessions: one ends there, two go on.
func TestPathwaysSayWhatGoesOn(t *testing.T) {
	db := testdb.New(t)
	var rows []event.Row
	for session, pages := range map[string][]string{"a": {"1", "2"}, "b": {"1", "2", "3"}, "c": {"1", "2", "2", "3", "4"}} {
		for i, page := range pages {
			at := time.Date(2026, 3, 1, 8, i, 0, 0, time.UTC).Format(time.RFC3339)
			rows = append(rows, event.Row{TS: at, Type: "view", UserID: "ann", SessionID: session, ViewPath: "/page " + page})
		}
	}
	history.Load(t, db, rows)
	q := NewPathways()
	q.Steps = 2
	require.Equal(t, map[string]any{"1 {page /page 1}": []int64{3, 3, 0, 0}, "2 {page /page 2}": []int64{3, 0, 1, 2}},
		nodesOf(t, questions.Ask(t, db, questions.ShopContext(), q)[0]))
}

// TestPathwaysOfThreeHundredPages at one step: those that have no row of their own are one node, which says how many they are.
func TestPathwaysOfThreeHundredPages(t *testing.T) {
	const pages = 300
	db := testdb.New(t)
	var rows []event.Row
	for i := range pages {
		session := strconv.Itoa(i)
		rows = append(rows,
			event.Row{TS: "2026-03-01T08:00:00Z", Type: "view", UserID: "ann", SessionID: session, ViewPath: "/"},
			event.Row{TS: "2026-03-01T08:01:00Z", Type: "view", UserID: "ann", SessionID: session, ViewPath: "/page " + session})
	}
	history.Load(t, db, rows)
	q := NewPathways()
	q.Steps, q.NodesPerStep = 2, 50
	nodes := questions.Ask(t, db, questions.ShopContext(), q)[0]
	found := nodesOf(t, nodes)
	require.Len(t, found, 1+50+1)
	require.Equal(t, []int64{pages, pages, 0, 0}, found["1 {page /}"])
	require.Equal(t, []int64{pages - 50, 0, pages - 50, 0}, found["2 {other (other)}"])
	require.Equal(t, map[int64][2]int64{2: {pages - 50, 0}}, othersOf(t, nodes))
}

// TestPagesComeBeforeActions of the same name and count.
func TestPagesComeBeforeActions(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, []event.Row{
		{TS: "2026-03-01T08:00:00Z", Type: "action", UserID: "a", SessionID: "a", ActionName: "same"},
		{TS: "2026-03-01T08:00:00Z", Type: "view", UserID: "b", SessionID: "b", ViewPath: "same"},
	})
	q := NewPathways()
	q.Actions, q.NodesPerStep, q.Steps = true, 1, 2
	nodes := nodesOf(t, questions.Ask(t, db, questions.ShopContext(), q)[0])
	require.Contains(t, nodes, "1 {page same}")
	require.Contains(t, nodes, "1 {other (other)}")
}

// TestComparedPathwaysShowWhatIsLargeOnEitherSide: of ten sessions in one country and three in another, a page that most of
// the three are at has a row, and one of four of the ten has none.
func TestComparedPathwaysShowWhatIsLargeOnEitherSide(t *testing.T) {
	db := testdb.New(t)
	var rows []event.Row
	visit := func(country, page string, times int) {
		for range times {
			id := fmt.Sprint("s", len(rows))
			rows = append(rows, event.Row{
				TS: "2026-03-01T08:00:00Z", Type: "view", UserID: id, SessionID: id, ViewPath: page, Country: country,
			})
		}
	}
	visit("DE", "/home", 6)
	visit("DE", "/help", 4)
	visit("BR", "/pix", 2)
	visit("BR", "/help", 1)
	history.Load(t, db, rows)
	q := NewPathways()
	q.Filter, q.Compare, q.NodesPerStep, q.Steps = "country:DE", &query.Selection{Filter: "country:BR"}, 2, 2
	frames := questions.Ask(t, db, questions.ShopContext(), q)
	first := func(frame *data.Frame) []any { return questions.Values(t, frame, "value")[:3] }
	require.Equal(t, []any{"/pix", "/home", "(other)"}, questions.Values(t, frames[0], "name")[:3])
	require.Equal(t, []any{int64(0), int64(6), int64(4)}, first(frames[0]))
	require.Equal(t, []any{int64(2), int64(0), int64(1)}, first(frames[2]))
}
