package event_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

func TestPageRules(t *testing.T) {
	for _, test := range []struct {
		rules event.PageRules
		pages map[string]string
	}{
		{event.PageRules{}, map[string]string{
			"/about/": "/about/", "/About": "/About", "/caf%C3%A9": "/caf%C3%A9", "/#/orders": "/", "/2024/05": "/?/?", "": "", "/": "/",
		}},
		{event.DefaultPageRules, map[string]string{
			"/about/": "/about", "/about//": "/about", "/": "/", "//": "/", "/about/?ref=mail": "/about", "/About": "/About",
			"/caf%C3%A9": "/café", "/caf%c3%a9/": "/café", "/café": "/café", "/a%20b": "/a b", "/%31%32": "/?", "/#/orders": "/",
			// What would read as something else, cannot be seen, or is no UTF-8 stays escaped.
			"/a%2fb": "/a%2Fb", "/50%25": "/50%25", "/%3Fa%23": "/%3Fa%23", "/a%00%0a": "/a%00%0A", "/%E2%80%AE": "/%E2%80%AE",
			"/%C3": "/%C3", "/%C3%A9%FF": "/é%FF", "/100%": "/100%", "/%zz%4": "/%zz%4", "/%2541": "/%2541",
		}},
		{event.PageRules{HashRoutes: true, FoldSlash: true}, map[string]string{
			"/#/orders": "/#/orders", "/#!/orders/12/?id=5": "/#!/orders/?", "/app?x=1#/a#b": "/app#/a", "/about#team": "/about",
			"/#/": "/", "/#!": "/", "#/orders": "#/orders", "/app/#/orders": "/app#/orders",
		}},
		{event.PageRules{HashRoutes: true}, map[string]string{"/#/": "/#/", "/app/#/orders/": "/app/#/orders/"}},
		{event.PageRules{FoldCase: true, Decode: true}, map[string]string{"/About/": "/about/", "/CAF%C3%89": "/café", "/A%2fB": "/a%2fb"}},
		{event.PageRules{HashRoutes: true, KeepNumbers: event.NumberParts(0).With(1).With(3)}, map[string]string{
			"/2024/05/12": "/2024/?/12", "/2024/a/#/12/5": "/2024/a/#/12/?", "/deadbeefdeadbeef": "/?", "//7": "//7",
		}},
	} {
		for path, want := range test.pages {
			if got := event.Page(path, test.rules); got != want {
				t.Errorf("%+v: %s: got %s, want %s", test.rules, path, got, want)
			}
		}
	}
}

// A page is its own page, whatever the rules: what is shown can be asked for.
func TestPageOfAPage(t *testing.T) {
	piece := rapid.SampledFrom([]string{"/", "/", "a", "É", "é", "12", "%", "%2F", "%c3%a9", "%C3", "25", "#", "#/", "#!/", " ", "+", "deadbeefdeadbeef"})
	rapid.Check(t, func(t *rapid.T) {
		rules := event.PageRules{
			HashRoutes: rapid.Bool().Draw(t, "hash"), FoldSlash: rapid.Bool().Draw(t, "slash"), FoldCase: rapid.Bool().Draw(t, "case"),
			Decode: rapid.Bool().Draw(t, "decode"), KeepNumbers: event.NumberParts(rapid.Uint32Range(0, 7).Draw(t, "keep")),
		}
		page := event.Page(strings.Join(rapid.SliceOf(piece).Draw(t, "path"), ""), rules)
		page = strings.ReplaceAll(page, "?", "x")
		if again := event.Page(page, rules); again != page {
			t.Errorf("%+v: %q becomes %q", rules, page, again)
		}
	})
}
