// Package filter is the one filter language of every box and query: `country:BR page:/cart* -browser:Firefox`.
//
// Parse makes a tree of a text, String writes it back, and a Compiler turns it into a condition in SQL over users,
// sessions or events. docs/filter.md describes the language.
package filter

import "github.com/footfall-analytics/footfall/pkg/store"

// Node is a part of a filter. A nil Node is the empty filter, which everything matches.
type Node interface {
	// String writes the node in the language; parsing that gives an equal node.
	String() string
	isNode()
}

// And matches where all nodes do. Parsed ones have at least two nodes.
type And struct{ Nodes []Node }

// Or matches where some node does. Parsed ones have at least two nodes.
type Or struct{ Nodes []Node }

// Not matches where the node does not, also for want of a value.
type Not struct{ Node Node }

// Has matches where one event matches all of the node: an event of the session, or of the user in the query's range.
type Has struct {
	Node Node
	At   int // position in the text, see Error
}

// Term is a condition on an attribute.
type Term struct {
	Name  string // as written, without @
	Match Match
	At    int
}

// Words is text to be found in a user's id, name or e-mail, whatever its case.
type Words struct{ Text string }

// Members matches users whom a SELECT of user_key yields. It comes from options, not from text, and is printed as Label.
type Members struct {
	Label  string
	Select func(*store.Params) (string, error)
	Keys   *[]int32               // in the place of Select, where the users are found before the statement is run
	Plain  func() (string, error) // Select for Plain; nil: there is none
}

// String writes the label, which cannot be parsed.
func (n Members) String() string { return "(" + n.Label + ")" }

func (And) isNode()     {}
func (Members) isNode() {}
func (Or) isNode()      {}
func (Not) isNode()     {}
func (Has) isNode()     {}
func (Term) isNode()    {}
func (Words) isNode()   {}

// Match is what a term wants of its attribute's value.
type Match interface{ isMatch() }

// Pattern is the parts of a text between its wildcards: one part is an exact text, ["", ""] is any value at all.
type Pattern []string

// Contains matches texts that contain the text, whatever its case.
type Contains string

// Compare orders values; Operator is one of >, >=, <, <=.
type Compare struct{ Operator, Value string }

// Range includes both ends; "" is an open one.
type Range struct{ From, To string }

func (Pattern) isMatch()  {}
func (Contains) isMatch() {}
func (Compare) isMatch()  {}
func (Range) isMatch()    {}

// Exactly is the match of one value.
func Exactly(value string) Match { return Pattern{value} }

// Exists matches any value.
var Exists Match = Pattern{"", ""}

func isExists(m Match) bool {
	p, ok := m.(Pattern)
	return ok && len(p) == 2 && p[0] == "" && p[1] == ""
}

// All joins nodes by AND; nil ones are left out, and none at all is nil.
func All(nodes ...Node) Node { return join(nodes, func(n []Node) Node { return And{n} }) }

// Any joins nodes by OR; nil ones are left out, and none at all is nil.
func Any(nodes ...Node) Node { return join(nodes, func(n []Node) Node { return Or{n} }) }

func join(nodes []Node, many func([]Node) Node) Node {
	var list []Node
	for _, n := range nodes {
		if n != nil {
			list = append(list, n)
		}
	}
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return many(list)
}

// Walk visits a node and all below it.
func Walk(n Node, visit func(Node)) {
	if n == nil {
		return
	}
	visit(n)
	switch n := n.(type) {
	case And:
		walkAll(n.Nodes, visit)
	case Or:
		walkAll(n.Nodes, visit)
	case Not:
		Walk(n.Node, visit)
	case Has:
		Walk(n.Node, visit)
	}
}

func walkAll(nodes []Node, visit func(Node)) {
	for _, n := range nodes {
		Walk(n, visit)
	}
}
