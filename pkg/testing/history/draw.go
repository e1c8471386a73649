package history

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/filter"
)

// Filter draws a filter over the attributes of the levels, with values that Rows draws, has(...) among them if wanted.
func Filter(t *rapid.T, has bool, levels ...filter.Level) filter.Node {
	return FilterOf(t, Names, has, levels...)
}

// FilterOf draws one over the attributes of a store with these names, membership of segments among them if it has some.
func FilterOf(t *rapid.T, names filter.Names, has bool, levels ...filter.Level) filter.Node {
	return drawNode(t, 3, names, has, levels)
}

func drawNode(t *rapid.T, depth int, names filter.Names, has bool, levels []filter.Level) filter.Node {
	kind := rapid.IntRange(0, 9).Draw(t, "node")
	if depth == 0 {
		kind = 0
	}
	nodes := func() []filter.Node {
		return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) filter.Node { return drawNode(t, depth-1, names, has, levels) }), 2, 3).Draw(t, "nodes")
	}
	switch {
	case kind <= 4:
		return drawTerm(t, names, levels)
	case kind == 5:
		return filter.Words{Text: rapid.SampledFrom([]string{"an", "ANN", "b", "example", "ż", "Zol", "JOSÉ", "jose", "%", "_"}).Draw(t, "words")}
	case kind == 6:
		return filter.And{Nodes: nodes()}
	case kind == 7:
		return filter.Or{Nodes: nodes()}
	case kind == 8 && has:
		all := []filter.Level{filter.Profile, filter.Session, filter.Event}
		return filter.Has{Node: drawNode(t, depth-1, names, false, all)}
	}
	return filter.Not{Node: drawNode(t, depth-1, names, has, levels)}
}

// PageGroups draws patterns of pages, mostly none.
func PageGroups(t *rapid.T) []string {
	if rapid.IntRange(0, 2).Draw(t, "grouped") != 0 {
		return nil
	}
	patterns := []string{"/c*", "/cart", "*rt", "/a_b", "/a%*", "/product/*", "*", "/nowhere"}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(patterns), 1, 3, rapid.ID).Draw(t, "page groups")
}

var sampleTexts = map[string][]string{
	"type": {"view", "action"}, "frustration": {"rage_click", "error_click", "dead_click"},
	"page": {"/", "/cart", "/checkout", "/product/?", "/a_b", "/a%b", "/c*", "/product/12", "/cart?x=1", "/cart/", "/product/7/#top"}, "path": {"/cart", "/product/12", "/cart?x=1"}, "plan": {"pro", "free"},
	"attributes.price": {"10", "10.0", "1e1", "+7", "7", "007", "2.5", "n/a", "5"}, "attributes.tags": {"new", "sale", "7", `{"a": 1}`, `["sale"]`, "[]"},
	"attributes.cart.total": {"12", "12.0", "5"}, "usr.team.name": {"blue", "red"}, "usr.tags": {"a", "b", "2", "[]"},
	"attributes.app_version": {"1.1", "1.10", "1.9", "v1.9-beta.10", "1.9-rc", "1", "b"},
	"browser_version":        {"99.9", "99", "100", "100.0.1", "unknown", "x"},
}

func drawTerm(t *rapid.T, names filter.Names, levels []filter.Level) filter.Term {
	var ids []string
	for _, a := range names.All(levels...) {
		ids = append(ids, a.ID)
	}
	a, err := names.Find(rapid.SampledFrom(ids).Draw(t, "attribute"))
	if err != nil {
		panic(err)
	}
	if a.ID == "segment" {
		return filter.Term{Name: a.ID, Match: drawSegment(t, names)}
	}
	return filter.Term{Name: a.ID, Match: drawMatch(t, a)}
}

// drawSegment names one segment, or some of them by a pattern.
func drawSegment(t *rapid.T, names filter.Names) filter.Match {
	matches := []filter.Match{
		filter.Exists, filter.Pattern{"pr", ""}, filter.Pattern{"", "o", ""}, filter.Pattern{"nothing", ""}, filter.Contains("RO"), filter.Contains("_"),
	}
	for _, id := range slices.Sorted(maps.Keys(names.Segments)) {
		matches = append(matches, filter.Exactly(id))
	}
	return rapid.SampledFrom(matches).Draw(t, "segment")
}

func drawMatch(t *rapid.T, a filter.Attribute) filter.Match {
	if rapid.IntRange(0, 5).Draw(t, "exists") == 0 {
		return filter.Exists
	}
	value := func() string { return rapid.SampledFrom(samples(a)).Draw(t, "value") }
	compare := func() filter.Match {
		operator := rapid.SampledFrom([]string{"<", "<=", ">", ">="}).Draw(t, "operator")
		return filter.Compare{Operator: operator, Value: cmp.Or(value(), "b")}
	}
	between := func() filter.Match { return filter.Range{From: value(), To: value()} }
	exact := func() filter.Match { return filter.Exactly(value()) }
	kinds := []func() filter.Match{exact, exact, compare, between}
	if a.Type == filter.Text {
		contains := func() filter.Match {
			return filter.Contains(rapid.SampledFrom([]string{"a", "RT", "_", "%"}).Draw(t, "part"))
		}
		pattern := func() filter.Match {
			return rapid.SampledFrom([]filter.Pattern{{"", "a", ""}, {"s", ""}, {"", "}"}, {"/", ""}, {"/product/12", ""}, {"", "/12"}, {"", "rt"}, {"r", "_click"}, {"", "_", ""}}).Draw(t, "pattern")
		}
		kinds = append(kinds, contains, pattern)
		if a.ID == "type" || a.ID == "frustration" {
			kinds = []func() filter.Match{exact, contains, pattern}
		}
	}
	return rapid.SampledFrom(kinds).Draw(t, "match")()
}

// samples are values that occur, or nearly.
func samples(a filter.Attribute) []string {
	if texts := sampleTexts[a.ID]; texts != nil {
		return texts
	}
	if _, of, isPlace := strings.Cut(a.ID, "_"); isPlace && sampleTexts[of] != nil { // first_browser_version
		return sampleTexts[of]
	}
	switch a.Type {
	case filter.Number:
		return []string{"0", "1", "2", "2.5", "4"}
	case filter.Duration:
		return []string{"0", "1000", "1s", "12.5", "1h"}
	case filter.Time:
		var texts []string
		for _, days := range []int{0, 1, 45, 90} {
			texts = append(texts, Origin.AddDate(0, 0, days).Format("2006-01-02"), Origin.AddDate(0, 0, days).Format("2006-01-02T15:04:05Z07:00"))
		}
		return append(texts, "now-1d", "now", fmt.Sprintf("now-%dd", 45))
	}
	if a.IsCountry() {
		return []string{"BR", "br", "Germany", "FR"}
	}
	return []string{"ann", "x", "a@example.org", "Ann", "shop", "mobile", "Firefox", "Recife", "iOS", "Cart", "buy", "click", "scroll",
		"TypeError", "x is undefined", "pro", "10", "10.0", "2.5", "X", "s1", "click on CHECKOUT", ""}
}
