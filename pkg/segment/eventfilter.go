package segment

import (
	"fmt"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
)

// matcher tells whether an event matches a filter: by whether its token is in a set, and by its session's places.
type matcher func(inSet func(set int) bool, places uint64) bool

// maxPlaces is how many conditions on sessions there are bits for.
const maxPlaces = 64

// parse reads filters on events, and tells whether tokens, users and places decide about all of them.
func (c *eventConditions) parse(texts []string) (nodes []filter.Node, tell bool, err error) {
	compiler, places := c.compiler(), len(c.places)
	nodes = make([]filter.Node, len(texts))
	for i, text := range texts {
		if nodes[i], err = parseFilter("event", text); err != nil {
			return nil, false, err
		}
		more, tells := told(compiler, nodes[i])
		if places += more; !tells || places > maxPlaces {
			return nil, false, nil
		}
	}
	return nodes, true, nil
}

// told tells whether a filter on events depends on nothing but tokens, users and places, and how many conditions on the latter
// two it has at most.
func told(c *filter.Compiler, n filter.Node) (places int, is bool) {
	ofSession, _, rest := c.Parts(n)
	if ofSession != nil {
		if needsMore(c.Tree(ofSession)) {
			return 0, false
		}
		places++
	}
	var parts []filter.Node
	switch rest := rest.(type) {
	case nil:
	case filter.And:
		parts = rest.Nodes
	case filter.Or:
		parts = rest.Nodes
	case filter.Not:
		parts = []filter.Node{rest.Node}
	default:
		return 0, false
	}
	for _, part := range parts {
		more, is := told(c, part)
		if places += more; !is {
			return 0, false
		}
	}
	return places, true
}

// needsMore tells whether a condition depends on more of a session than its user and places.
func needsMore(t filter.Tree) bool {
	switch t := t.(type) {
	case filter.AllOf:
		return slices.ContainsFunc(t, needsMore)
	case filter.AnyOf:
		return slices.ContainsFunc(t, needsMore)
	case filter.Except:
		return needsMore(t.Tree)
	case filter.OfUser, filter.OfPlace:
		return false
	}
	return true
}

// event takes a filter on events apart, one that parse says is told.
func (c *eventConditions) event(h *happening, n filter.Node) (matcher, error) {
	ofSession, ofToken, rest := c.compiler().Parts(n)
	var list []matcher
	for _, part := range []struct {
		of      filter.Node
		matcher func(*happening, filter.Node) (matcher, error)
	}{{ofSession, c.place}, {ofToken, c.token}, {rest, c.rest}} {
		if part.of == nil {
			continue
		}
		m, err := part.matcher(h, part.of)
		if err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return everyOne(list), nil
}

// rest is what neither a token nor a session decides alone, but both do together.
func (c *eventConditions) rest(h *happening, n filter.Node) (matcher, error) {
	switch n := n.(type) {
	case filter.And:
		list, err := c.eachOf(h, n.Nodes)
		return everyOne(list), err
	case filter.Or:
		list, err := c.eachOf(h, n.Nodes)
		return func(inSet func(int) bool, places uint64) bool {
			return slices.ContainsFunc(list, func(m matcher) bool { return m(inSet, places) })
		}, err
	case filter.Not:
		inner, err := c.event(h, n.Node)
		return func(inSet func(int) bool, places uint64) bool { return !inner(inSet, places) }, err
	}
	return nil, fmt.Errorf("a condition on events that nothing tells: %s", filter.String(n))
}

func (c *eventConditions) eachOf(h *happening, nodes []filter.Node) ([]matcher, error) {
	list := make([]matcher, len(nodes))
	for i, n := range nodes {
		var err error
		if list[i], err = c.event(h, n); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func everyOne(list []matcher) matcher {
	if len(list) == 1 {
		return list[0]
	}
	return func(inSet func(int) bool, places uint64) bool {
		return !slices.ContainsFunc(list, func(m matcher) bool { return !m(inSet, places) })
	}
}

// token asks for the tokens of which a condition holds.
func (c *eventConditions) token(_ *happening, n filter.Node) (matcher, error) {
	key := filter.String(n)
	set, known := c.setOf[key]
	if !known {
		compiler := c.compiler()
		where, err := compiler.Token(n)
		if err != nil {
			return nil, err
		}
		set = c.classes.sets
		add := c.classes.newSet()
		var id int32
		err = c.each("select k.id\n  from footfall.tokens k\n where "+where, compiler.Params.Values, []any{&id}, func() error {
			add(id)
			return nil
		})
		if err != nil {
			return nil, err
		}
		c.setOf[key] = set
	}
	return func(inSet func(int) bool, _ uint64) bool { return inSet(set) }, nil
}

// place asks for the users and places of which a condition on sessions holds.
func (c *eventConditions) place(h *happening, n filter.Node) (matcher, error) {
	key := filter.String(n)
	at, known := c.placeOf[key]
	if !known {
		var scan columns.Scan
		executed, err := scan.Select(c.ctx, c.db, c.compiler, n)
		c.executed = append(c.executed, executed...)
		if err != nil {
			return nil, err
		}
		at = len(c.places)
		c.placeOf[key], c.places = at, append(c.places, scan.Where)
	}
	h.places |= 1 << at
	return func(_ func(int) bool, places uint64) bool { return places>>at&1 == 1 }, nil
}
