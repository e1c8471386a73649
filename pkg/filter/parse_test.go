package filter

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/require"
)

// withoutPositions makes nodes comparable that stand at different places.
func withoutPositions(n Node) Node {
	switch n := n.(type) {
	case And:
		return And{eachWithout(n.Nodes)}
	case Or:
		return Or{eachWithout(n.Nodes)}
	case Not:
		return Not{withoutPositions(n.Node)}
	case Has:
		return Has{Node: withoutPositions(n.Node)}
	case Term:
		n.At = 0
		return n
	}
	return n
}

func eachWithout(nodes []Node) []Node {
	list := make([]Node, len(nodes))
	for i, n := range nodes {
		list[i] = withoutPositions(n)
	}
	return list
}

func exactly(name, value string) Term { return Term{Name: name, Match: Pattern{value}} }

func TestParse(t *testing.T) {
	for text, want := range map[string]Node{
		"":                                 nil,
		"  ":                               nil,
		"ann":                              Words{"ann"},
		`"ann lee"`:                        Words{"ann lee"},
		"ann lee":                          And{[]Node{Words{"ann"}, Words{"lee"}}},
		"country:BR":                       exactly("country", "BR"),
		"@geo.country:BR":                  exactly("geo.country", "BR"),
		"page:/cart*":                      Term{Name: "page", Match: Pattern{"/cart", ""}},
		`page:/a\*b`:                       exactly("page", "/a*b"),
		"-segment:*":                       Not{Term{Name: "segment", Match: Exists}},
		"segment:prem*":                    Term{Name: "segment", Match: Pattern{"prem", ""}},
		"page:*":                           Term{Name: "page", Match: Exists},
		`action:"click on X"`:              exactly("action", "click on X"),
		`"my attribute":1`:                 exactly("my attribute", "1"),
		"-browser:Firefox":                 Not{exactly("browser", "Firefox")},
		"NOT browser:Firefox":              Not{exactly("browser", "Firefox")},
		"price:>=100":                      Term{Name: "price", Match: Compare{">=", "100"}},
		"last_seen:<now-30d":               Term{Name: "last_seen", Match: Compare{"<", "now-30d"}},
		"first_seen:>2026-01-02T03:04:05Z": Term{Name: "first_seen", Match: Compare{">", "2026-01-02T03:04:05Z"}},
		"price:[1 TO 5]":                   Term{Name: "price", Match: Range{"1", "5"}},
		"price:[* TO 5]":                   Term{Name: "price", Match: Range{"", "5"}},
		`name:~"an"`:                       Term{Name: "name", Match: Contains("an")},
		"plan:(pro OR free)":               Or{[]Node{exactly("plan", "pro"), exactly("plan", "free")}},
		"(plan:pro OR plan:free)":          Or{[]Node{exactly("plan", "pro"), exactly("plan", "free")}},
		"a:1 AND b:2 OR c:3":               Or{[]Node{And{[]Node{exactly("a", "1"), exactly("b", "2")}}, exactly("c", "3")}},
		"a:1 (b:2 c:3)":                    And{[]Node{exactly("a", "1"), exactly("b", "2"), exactly("c", "3")}},
		"has(page:/cart) -has(action:x)": And{[]Node{
			Has{Node: exactly("page", "/cart")}, Not{Has{Node: exactly("action", "x")}},
		}},
		`name:""`: exactly("name", ""),
	} {
		n, err := Parse(text)
		require.NoError(t, err, text)
		if n != nil {
			n = withoutPositions(n)
		}
		require.Empty(t, cmp.Diff(want, n), text)
	}
}

func TestParseErrorsHaveAPosition(t *testing.T) {
	for text, want := range map[string]string{
		"country:":                        `at 9: a value is missing; an empty one is written ""`,
		"a:1 (b:2":                        "at 5: this parenthesis is not closed",
		"a:1)":                            "at 4: a closing parenthesis too many",
		`a:"x`:                            "at 3: this quote is not closed",
		"a:1 OR":                          "at 7: OR stands between two conditions; one is missing",
		"OR a:1":                          "at 1: OR stands between two conditions; one is missing",
		"AND a:1":                         "at 1: AND stands between two conditions; one is missing",
		"ä:[1 2]":                         "at 6: a range is written [from TO to]; TO is missing",
		"a:[1 TO 2":                       "at 3: this bracket is not closed",
		":x":                              "at 1: an attribute's name is missing before the colon",
		"()":                              "at 1: nothing stands in the parentheses",
		"-":                               "at 1: nothing follows the minus; quote it to search for it",
		"a:>*5":                           "at 4: a wildcard has no meaning after the >",
		"a:(x y)":                         "at 6: OR or a closing parenthesis is expected after a value of a",
		"x ] y":                           `at 3: "]" is not expected here; quote it to search for it`,
		"x country=DE":                    "at 3: country=DE looks like a condition: write country:DE, or quote it to search for the text",
		"sessions>=5":                     "at 1: sessions>=5 looks like a condition: write sessions:>=5, or quote it to search for the text",
		"@geo.city!=Rome":                 "at 1: @geo.city!=Rome looks like a condition: write -geo.city:Rome, or quote it to search for the text",
		`usr."Company Name":ACME`:         `at 1: quotes go around the whole name: write "usr.Company Name"`,
		`-attributes."Customer ID":77`:    `at 2: quotes go around the whole name: write "attributes.Customer ID"`,
		"\u201cann smith\u201d":           "at 1: words are held together by straight double quotes, not by \u201c: write \"ann smith\"",
		"country:'New Zealand' x":         `at 9: words are held together by straight double quotes, not by ': write "New Zealand"`,
		"city:(Rome OR \u00abBari\u00bb)": "at 15: words are held together by straight double quotes, not by \u00ab: write \"Bari\"",

		"page:/a or page:/b": "at 9: or is a word to search for: did you mean OR? Else quote it",
		"(ann Or(bob))":      "at 6: Or is a word to search for: did you mean OR? Else quote it",
		"a:1 and -b:2":       "at 5: and is a word to search for: did you mean AND? Else quote it",
		"a:1 not (b:2)":      "at 5: not is a word to search for: did you mean NOT? Else quote it",
		"a:1 OR not b:2":     "at 8: not is a word to search for: did you mean NOT? Else quote it",
		"page:(/a or /b)":    "at 10: OR or a closing parenthesis is expected after a value of page",

		"a\x00b": "at 2: a NUL character cannot be searched for",
		"a:\xff": "the filter is not UTF-8",
	} {
		_, err := Parse(text)
		require.EqualError(t, err, want, text)
	}
}

// What is meant as text stays text.
func TestWordsThatAreNoMistakes(t *testing.T) {
	for _, text := range []string{"abc==", `country\=DE`, `"country=DE"`, "city:'s-Hertogenbosch", "O'Brien", "\u2019t", "a:x=1", "=x", "5>3",
		"or", "ann or", "or ann", "(ann or)", `a:1 "or" b:2`, "a:1 order b:2", "a:1 or:2 b:3", "not", "(not)", `"not" a`, "nothing a", "and b"} {
		n, err := Parse(text)
		require.NoError(t, err, text)
		again, err := Parse(String(n))
		require.NoError(t, err, String(n))
		require.Empty(t, cmp.Diff(withoutPositions(n), withoutPositions(again)), text)
	}
}

func FuzzParsePrintParse(f *testing.F) {
	for _, text := range []string{
		`country:BR page:/cart* action:"click on CHECKOUT" -browser:Firefox price:>=100 (plan:pro OR plan:enterprise)`,
		`has(page:/cart) -has(action:"x" -page:y)`, `a:[1 TO *] OR b:~x "q u" \- "\\"`, `-(a OR b c)`, `--a`, `x:\>5`, `"-a":\*`,
		"'a b' country=DE \u201cx\u201d", "a:'x' b:\u2019y", `usr."a b":c`, "a=~b c<>d",
		`segment:* -segment:prem* segment:(a OR ~b)`, `a:(x OR "y z" OR >5)`, `AND`, `a:"" OR @b:@c`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := Parse(text)
		if err != nil || first == nil {
			return
		}
		printed := String(first)
		second, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q is printed as %q, which is refused: %v", text, printed, err)
		}
		if diff := cmp.Diff(withoutPositions(first), withoutPositions(second)); diff != "" {
			t.Fatalf("%q is printed as %q, which is another filter:\n%s", text, printed, diff)
		}
	})
}
