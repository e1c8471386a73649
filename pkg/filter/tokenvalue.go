package filter

import (
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// ShownPage is what the page of a token k is shown as: the id of its group, else its own.
const ShownPage = "coalesce(k.page_group, k.page)"

// IsToken is true for attributes that an event's token tells.
func (a Attribute) IsToken() bool { return a.token != "" }

// Values lists the only values that an attribute can have, those of frustrations in the order of their bits; nil where
// any text is possible.
func (a Attribute) Values() []string { return slices.Clone(a.values) }

// TokenValue is an attribute that the token tells in SQL, over footfall.tokens k with k.id = e.token: the id of a text
// of the dictionary, for the type its name, and for frustrations their bits, 0 for none.
func (a Attribute) TokenValue() string {
	switch a.token {
	case "type":
		return "k.type::text"
	case "page":
		return ShownPage
	case "frustration":
		return "k.frustration"
	}
	return "case when k.type = '" + a.token + "' then k.name end"
}

// TextOf is the id of the text that TokenValue tells of a token, read with the page that is shown; 0 where it has none.
func (a Attribute) TextOf(t event.Token) int32 {
	switch a.token {
	case "page":
		return t.Page
	case string(t.Type):
		return t.Name
	}
	return 0
}

// IsEventFree tells whether a filter says nothing of single events, so that all events of a session share its outcome.
func (c *Compiler) IsEventFree(n Node) bool { return n == nil || c.isEventFree(n) }

// OnlyTypes tells whether all that a filter says of tokens is the event's type: hardly any session lacks such an event,
// so that looking for those that have one is in vain.
func (c *Compiler) OnlyTypes(n Node) bool {
	return everyTerm(n, func(t Term) bool {
		a, err := c.Names.Find(t.Name)
		return err == nil && (a.token == "" || a.token == "type")
	})
}

// TokenTest is Token for tokens that have been read with the page that is shown. It returns nil where texts would have to be
// read too, or where Token has an error.
func (c *Compiler) TokenTest(n Node) func(event.Token) bool {
	switch n := n.(type) {
	case nil:
		return func(event.Token) bool { return true }
	case And:
		tests := c.tokenTests(n.Nodes)
		if tests == nil {
			return nil
		}
		return func(t event.Token) bool {
			return !slices.ContainsFunc(tests, func(test func(event.Token) bool) bool { return !test(t) })
		}
	case Or:
		tests := c.tokenTests(n.Nodes)
		if tests == nil {
			return nil
		}
		return func(t event.Token) bool {
			return slices.ContainsFunc(tests, func(test func(event.Token) bool) bool { return test(t) })
		}
	case Not:
		test := c.TokenTest(n.Node)
		if test == nil {
			return nil
		}
		return func(t event.Token) bool { return !test(t) }
	case Term:
		return c.termTest(n)
	}
	return nil
}

func (c *Compiler) tokenTests(nodes []Node) []func(event.Token) bool {
	tests := make([]func(event.Token) bool, len(nodes))
	for i, n := range nodes {
		if tests[i] = c.TokenTest(n); tests[i] == nil {
			return nil
		}
	}
	return tests
}

// termTest is of types, frustrations and of whether there is any page or name.
func (c *Compiler) termTest(t Term) func(event.Token) bool {
	a, err := c.Names.Find(t.Name)
	switch {
	case err != nil || !a.IsToken():
		return nil
	case len(a.values) == 0 && isExists(t.Match):
		return func(token event.Token) bool { return a.TextOf(token) != 0 }
	case len(a.values) == 0:
		return nil
	}
	values, err := a.possible(t.Match)
	if err != nil {
		return nil
	}
	if a.token == "type" {
		return func(token event.Token) bool { return slices.Contains(values, string(token.Type)) }
	}
	bits := frustrationBits(values)
	return func(token event.Token) bool { return token.Frustration&bits != 0 }
}
