package users

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/country"
	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/testing/history"
	"github.com/footfall-analytics/footfall/pkg/testing/questions"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Every facet counts the users that are left when the parts of the filter on its own attribute are taken away.
func TestFacetsAnswerAsDefined(t *testing.T) {
	db := testdb.New(t)
	reader := testdb.AsDatasource(t, db)
	rapid.Check(t, func(t *rapid.T) {
		world := history.Load(t, db, history.Rows(t))
		c := questions.Context()
		c.From = history.Origin.Add(time.Duration(rapid.IntRange(0, 60*24).Draw(t, "from")) * time.Hour)
		c.To = c.From.AddDate(0, 0, rapid.IntRange(1, 40).Draw(t, "days"))
		q, parts := drawFacets(t)
		frames := questions.Ask(t, reader, c, q)
		require.Len(t, frames, len(q.Attributes))
		for i, f := range q.Attributes {
			values, more := plainFacet(c, q, f, parts, world)
			found := []facetValue{}
			for row := range frames[i].Rows() {
				found = append(found, facetValue{frames[i].At(0, row).(*string), frames[i].At(2, row).(int64)})
			}
			require.Equal(t, values, found, f.Attribute)
			require.Equal(t, map[string]any{"more": more}, frames[i].Meta.Custom, f.Attribute)
		}
	})
}

// facetPart is a part of a filter's top, joined by AND, and the attribute that it is about; "" for several.
type facetPart struct {
	attribute string
	node      filter.Node
}

func drawFacets(t *rapid.T) (*Facets, []facetPart) {
	var parts []facetPart
	var nodes []filter.Node
	for range rapid.IntRange(0, 3).Draw(t, "parts") {
		part := facetPart{node: history.Filter(t, true, filter.Profile, filter.Session, filter.Event)}
		if rapid.Bool().Draw(t, "own") {
			of := rapid.SampledFrom([][2]string{{"last_country", "BR"}, {"last_device_type", "mobile"}, {"usr.plan", "pro"}, {"sessions", "1"}}).Draw(t, "of")
			part = facetPart{of[0], filter.Term{Name: of[0], Match: filter.Exactly(of[1])}}
			if rapid.Bool().Draw(t, "not") {
				part.node = filter.Not{Node: part.node}
			}
		}
		parts, nodes = append(parts, part), append(nodes, part.node)
	}
	q := NewFacets()
	q.Filter = filter.String(filter.All(nodes...))
	if rapid.Bool().Draw(t, "within") { // no facet leaves it out, its own neither
		var node filter.Node
		q.Within, node = drawWithin(t, 2)
		parts = append(parts, facetPart{"every facet", node})
	}
	if rapid.Bool().Draw(t, "in a segment") {
		members, node := drawDefinition(t)
		q.IncludeSegments = []query.Members{members}
		parts = append(parts, facetPart{"segment", node})
	}
	q.Limit = rapid.IntRange(1, 3).Draw(t, "limit")
	q.Search = rapid.SampledFrom([]string{"", "", "an", "B"}).Draw(t, "search")
	q.IncludeAnonymous = rapid.Bool().Draw(t, "include anonymous")
	q.ActiveInRange = rapid.Bool().Draw(t, "active")
	for _, a := range history.Names.All(filter.Profile) {
		if a.ID == "user_id" || a.Type == filter.Time || rapid.Bool().Draw(t, "left out") {
			continue
		}
		counted := CountedAttribute{Attribute: a.ID, Search: rapid.SampledFrom([]string{"", "", "r", "Bra", "%"}).Draw(t, "search values")}
		if rapid.Bool().Draw(t, "asked") {
			counted.Values = []string{"BR", "nobody's"}
		}
		q.Attributes = append(q.Attributes, counted)
	}
	if len(q.Attributes) == 0 {
		q.Attributes = []CountedAttribute{{Attribute: "last_country"}}
	}
	return q, parts
}

// drawWithin draws a selection that another one may stand within, and what it says.
func drawWithin(t *rapid.T, depth int) (*query.Selection, filter.Node) {
	var node filter.Node = filter.Term{Name: "last_country", Match: filter.Exactly("BR")}
	if rapid.Bool().Draw(t, "of anything") {
		node = history.Filter(t, true, filter.Profile, filter.Session, filter.Event)
	}
	s := &query.Selection{Filter: filter.String(node)}
	if rapid.Bool().Draw(t, "of a segment") {
		members, of := drawDefinition(t)
		if rapid.Bool().Draw(t, "left out") {
			s.ExcludeSegments, of = []query.Members{members}, filter.Not{Node: of}
		} else {
			s.IncludeSegments = []query.Members{members}
		}
		node = filter.All(node, of)
	}
	if depth > 1 && rapid.Bool().Draw(t, "within another") {
		around, of := drawWithin(t, depth-1)
		s.Within, node = around, filter.All(node, of)
	}
	return s, node
}

// drawDefinition draws a segment of its own, and what it says.
func drawDefinition(t *rapid.T) (query.Members, filter.Node) {
	node := history.Filter(t, false, filter.Profile)
	users := segment.Condition{Users: filter.String(node)}
	return query.Members{Definition: &segment.Definition{IncludeAnonymous: true, Where: users}}, node
}

func plainFacet(c query.Context, q *Facets, f CountedAttribute, parts []facetPart, world history.World) (list []facetValue, more bool) {
	counts := map[string]int64{}
	for _, u := range world.Users {
		values := []string{facetText(u.Value(f.Attribute))}
		if texts := history.Texts(u.Custom(f.Attribute)); strings.HasPrefix(f.Attribute, "usr.") && texts != nil {
			values = texts
		}
		for _, value := range values {
			if isCounted(c, q, f.Attribute, parts, u) && isFound(f, value) {
				counts[value]++
			}
		}
	}
	for value, n := range counts {
		list = append(list, facetValue{&value, n})
		if value == "" {
			list[len(list)-1].Value = nil
		}
	}
	slices.SortFunc(list, compareFacetValues)
	shown := []facetValue{}
	for i, v := range list {
		if i < q.Limit || v.Value != nil && slices.Contains(f.Values, *v.Value) {
			shown = append(shown, v)
		}
	}
	more = len(shown) < len(list)
	for _, value := range f.Values {
		if counts[value] == 0 {
			shown = append(shown, facetValue{&value, 0})
		}
	}
	return shown, more
}

func isCounted(c query.Context, q *Facets, attribute string, parts []facetPart, u *history.User) bool {
	if u.Anonymous && !q.IncludeAnonymous || q.Search != "" && !questions.Matcher(c).User(filter.Words{Text: q.Search}, u) {
		return false
	}
	if q.ActiveInRange && !slices.ContainsFunc(u.Events, func(e *history.Event) bool { return questions.InRange(c, e.TS) }) {
		return false
	}
	var nodes []filter.Node
	for _, part := range parts {
		for _, node := range joined(part.node) {
			of := part.attribute
			if of == "" {
				of = onlyAttribute(c, node)
			}
			if of != attribute {
				nodes = append(nodes, node)
			}
		}
	}
	return questions.Matcher(c).User(filter.All(nodes...), u)
}

// joined are the nodes that a filter's text joins by AND at its top, where a node stands there.
func joined(n filter.Node) []filter.Node {
	and, ok := n.(filter.And)
	if !ok {
		return []filter.Node{n}
	}
	var list []filter.Node
	for _, node := range and.Nodes {
		list = append(list, joined(node)...)
	}
	return list
}

// onlyAttribute is the one that a drawn node happens to speak of alone.
func onlyAttribute(c query.Context, n filter.Node) string {
	ids := map[string]bool{}
	filter.Walk(n, func(n filter.Node) {
		switch n := n.(type) {
		case filter.Term:
			a, _ := c.Names.Find(n.Name)
			ids[a.ID] = true
		case filter.Has, filter.Words:
			ids["several"], ids[""] = true, true
		}
	})
	if len(ids) != 1 {
		return ""
	}
	for id := range ids {
		return id
	}
	return ""
}

// facetText is "" where there is no value.
func facetText(value any) string {
	switch value := questions.AsField(value).(type) {
	case nil:
		return ""
	case string:
		return value
	case int64:
		return strings.TrimSpace(inEnglish.Sprintf("%v", value))
	}
	panic("no text")
}

// isFound tells whether a search among a facet's values finds one.
func isFound(f CountedAttribute, value string) bool {
	if f.Search == "" {
		return true
	}
	has := func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(f.Search)) }
	return value != "" && (has(value) || strings.HasSuffix(f.Attribute, "_country") && has(country.Name(value)))
}

func TestFacetsOfSegments(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	storeSegment(t, db, "carts", `{"where": {"did": {"event": "page:/cart"}}}`)
	storeSegment(t, db, "pros", `{"where": {"users": "usr.plan:pro"}}`)
	storeSegment(t, db, "nobody", `{"where": {"users": "user_id:x"}}`)
	c := questions.ShopContext()
	c.Names.Segments = map[string]int32{"carts": 1, "pros": 2, "nobody": 3}
	var used []int32
	c.Used = func(key int32) { used = append(used, key) }

	count := func(q *Facets) []string {
		frame := questions.AskOne(t, db, c, q)
		list := []string{}
		for row := range frame.Rows() {
			list = append(list, inEnglish.Sprintf("%s %d", *frame.At(0, row).(*string), frame.At(2, row)))
		}
		return list
	}
	all := &Facets{Attributes: []CountedAttribute{{Attribute: "segment"}}, Limit: 10}
	require.Equal(t, []string{"carts 2", "pros 1", "nobody 0"}, count(all))
	require.Len(t, used, 3, "segments that are not fresh are told")
	sentences := questions.AskOne(t, db, c, all).Fields[3]
	require.Equal(t, "users who were on /cart", sentences.At(0))
	require.Equal(t, "users with usr.plan pro", sentences.At(1))

	own := *all
	own.IncludeSegments = []query.Members{{ID: "pros"}}
	require.Equal(t, []string{"carts 2", "pros 1", "nobody 0"}, count(&own), "without the facet's own condition")
	own.Filter = "segment:nobody last_country:US"
	require.Equal(t, []string{"carts 1", "nobody 0", "pros 0"}, count(&own))

	within := *all
	within.Within = &query.Selection{IncludeSegments: []query.Members{{ID: "pros"}}, ExcludeSegments: []query.Members{{ID: "nobody"}}}
	within.IncludeSegments = []query.Members{{ID: "nobody"}}
	require.Equal(t, []string{"carts 1", "pros 1", "nobody 0"}, count(&within), "among those that always count")

	other := *all
	other.Attributes = []CountedAttribute{{Attribute: "last_country"}}
	other.IncludeSegments = []query.Members{{ID: "pros"}}
	require.Equal(t, []string{"DE 1"}, count(&other))
}

// Where nothing narrows, members are counted without the users, but the anonymous ones among them.
func TestFacetOfSegmentsAmongEverybody(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	c := questions.ShopContext()
	c.Names.Segments = map[string]int32{}
	for i, id := range []string{"identified", "visitors", "changed", "list"} {
		storeSegment(t, db, id, `{"where": {"did": {"event": "type:*"}}, "includeAnonymous": `+strconv.FormatBool(id != "identified")+`}`)
		c.Names.Segments[id] = int32(i + 1)
	}
	for _, sql := range []string{
		`update footfall.segments set definition = definition - 'includeAnonymous', stale = true where id = 'changed'`,
		`update footfall.segments set kind = 'static', definition = null, identity = 'usr.id' where id = 'list'`,
		`insert into footfall.segment_lists (segment_key, value, anonymous) select key, 'a-1', true from footfall.segments where id = 'list'`,
	} {
		_, err := db.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	for anonymous, wanted := range map[bool][]any{false: {int64(3), int64(3), int64(3), int64(3)}, true: {int64(4), int64(4), int64(4), int64(3)}} {
		q := &Facets{WhichUsers: WhichUsers{IncludeAnonymous: anonymous}, Attributes: []CountedAttribute{{Attribute: "segment"}}, Limit: 10}
		frame := questions.AskOne(t, db, c, q)
		require.Equal(t, wanted, questions.Values(t, frame, "count"))
		require.NotContains(t, frame.Meta.ExecutedQueryString, "selected")
		q.ActiveInRange = true
		require.Contains(t, questions.AskOne(t, db, c, q).Meta.ExecutedQueryString, "selected")
	}
}

func storeSegment(t *testing.T, db *pgxpool.Pool, id, definition string) {
	t.Helper()
	d, err := segment.Decode([]byte(definition))
	require.NoError(t, err)
	require.NoError(t, segment.Create(t.Context(), db, segment.Content{ID: id, Name: strings.ToUpper(id), Kind: segment.Dynamic, Definition: &d}, "test"))
	require.NoError(t, segment.Refresh(t.Context(), db, id))
}

func TestFacetTextsAndSQL(t *testing.T) {
	db := testdb.New(t)
	history.Load(t, db, questions.Shop())
	q := NewFacets()
	q.Filter = "last_country:DE"
	q.Attributes = []CountedAttribute{{Attribute: "last_country", Search: "ger"}, {Attribute: "usr.plan"}, {Attribute: "last_city"}}
	frames := questions.Ask(t, db, questions.ShopContext(), q)
	require.Equal(t, []any{"Germany"}, questions.Values(t, frames[0], "text"))
	require.Equal(t, []any{"pro", "(none)"}, questions.Values(t, frames[1], "text"), "ties: by value, missing ones last")
	require.Equal(t, frames[1].Meta.ExecutedQueryString, frames[2].Meta.ExecutedQueryString, "one statement for both")
	require.NotContains(t, frames[0].Meta.ExecutedQueryString, "'DE'")
}

func TestFacetsRefuse(t *testing.T) {
	of := func(id string) []CountedAttribute { return []CountedAttribute{{Attribute: id}} }
	within := func(s query.Selection) WhichUsers { return WhichUsers{Selection: query.Selection{Within: &s}} }
	deep := query.Selection{}
	for range 10 {
		deep = within(deep).Selection
	}
	for wanted, q := range map[string]Facets{
		"options.attributes is empty":                                                                      {Limit: 1},
		"options.attributes[0].attribute is \"user_id\"":                                                   {Limit: 1, Attributes: of("user_id")},
		"options.attributes[0].attribute is \"last_seen\", a time":                                         {Limit: 1, Attributes: of("last_seen")},
		"options.attributes[0].attribute is \"page\", an attribute of events":                              {Limit: 1, Attributes: of("page")},
		"options.attributes[1] repeats \"last_city\"":                                                      {Limit: 1, Attributes: append(of("last_city"), of("last_city")...)},
		"options.attributes[0].values[0] contains a NUL character":                                         {Limit: 1, Attributes: []CountedAttribute{{Attribute: "last_city", Values: []string{"\x00"}}}},
		"options.limit must be 1 to 1000, not 0":                                                           {Attributes: of("last_city")},
		"options.within.filter is wrong":                                                                   {Limit: 1, Attributes: of("last_city"), WhichUsers: within(query.Selection{Filter: "x:("})},
		"options.within.includeSegments[0] names no segment":                                               {Limit: 1, Attributes: of("last_city"), WhichUsers: within(query.Selection{IncludeSegments: []query.Members{{ID: "x"}}})},
		"options.within.within.within.within.within.within.within.within.within.within.within is one more": {Limit: 1, Attributes: of("last_city"), WhichUsers: within(deep)},
		"options.filter is wrong":                                                                          {Limit: 1, Attributes: of("last_city"), WhichUsers: filtered("x:(")},
	} {
		questions.Refused(t, wanted, &q)
	}
}

// inEnglish writes numbers for people.
var inEnglish = message.NewPrinter(language.English)
