package filter

// Tree is a condition on sessions taken apart: its leaves can each be answered by the store once, as a set, and then be
// looked up session by session. It holds for a session exactly where the condition that Compiler.Sessions makes is true.
type Tree interface{ isTree() }

type (
	// AllOf holds where all of it do; of nothing, always.
	AllOf []Tree
	// AnyOf holds where some of it does.
	AnyOf []Tree
	// Except holds where the tree does not.
	Except struct{ Tree Tree }
	// OfUser is a condition on the session's user, for Compiler.Users.
	OfUser struct{ Node Node }
	// OfPlace is a condition on one attribute of sessions whose values are texts of the dictionary, for Compiler.Sessions.
	OfPlace struct {
		Attribute Attribute
		Node      Node
	}
	// OfView is a condition on the first or last view that has a page, for Compiler.Token; where a session has no such view,
	// on no token. Of truncated sessions arrays do not tell: InSQL says the same of them, for Compiler.Sessions.
	OfView struct {
		Last        bool
		Node, InSQL Node
	}
	// SomeEvent wants an event of the session whose token fulfils a condition, for Compiler.Token.
	SomeEvent struct{ Node Node }
	// OfSession is any other condition, for Compiler.Sessions.
	OfSession struct{ Node Node }
)

func (AllOf) isTree()     {}
func (AnyOf) isTree()     {}
func (Except) isTree()    {}
func (OfUser) isTree()    {}
func (OfPlace) isTree()   {}
func (OfView) isTree()    {}
func (SomeEvent) isTree() {}
func (OfSession) isTree() {}

// Tree takes a condition on sessions apart, one that Sessions compiles. What it reads of the store is not checked here.
func (c *Compiler) Tree(n Node) Tree {
	if n == nil {
		return AllOf{}
	}
	if c.isOfUser(n) {
		return OfUser{n}
	}
	if a, is := c.placeOf(n); is {
		return OfPlace{a, n}
	}
	if a, is := c.viewedOf(n); is {
		return OfView{Last: a.viewed == lastViewed, Node: ofPage(n), InSQL: n}
	}
	switch n := n.(type) {
	case And: // as in and: what is said of events is said of one and the same
		var below []Node
		var all AllOf
		for _, node := range n.Nodes {
			if c.isBelow(node, sessions) {
				below = append(below, node)
			} else {
				all = append(all, c.Tree(node))
			}
		}
		if len(below) > 0 {
			all = append(all, c.someEvent(All(below...)))
		}
		return all
	case Or:
		if c.isBelow(n, sessions) {
			return c.someEvent(n)
		}
		var some AnyOf
		for _, node := range n.Nodes {
			some = append(some, c.Tree(node))
		}
		return some
	case Not:
		return Except{c.Tree(n.Node)}
	case Has:
		return c.someEvent(n.Node)
	case Term:
		if c.isBelow(n, sessions) {
			return c.someEvent(n)
		}
	}
	return OfSession{n}
}

// someEvent is has, as a tree.
func (c *Compiler) someEvent(n Node) Tree {
	free, of := c.split(n)
	var all AllOf
	if free != nil {
		all = append(all, c.Tree(free))
	}
	switch {
	case of == nil:
	case c.isToken(of):
		all = append(all, SomeEvent{of})
	default:
		all = append(all, OfSession{Has{Node: of}})
	}
	return all
}

// isOfUser tells whether a node speaks of users alone.
func (c *Compiler) isOfUser(n Node) bool {
	return everyTerm(n, func(t Term) bool {
		a, err := c.Names.Find(t.Name)
		return err == nil && a.Level == Profile
	})
}

// placeOf is the one attribute that a node speaks of, if it is a session's and of the dictionary.
func (c *Compiler) placeOf(n Node) (Attribute, bool) {
	return c.onlyAttribute(n, func(a Attribute) bool { return a.Level == Session && a.Dictionary != "" && a.viewed == "" })
}

// onlyAttribute is the one attribute that a node speaks of, if it is of a kind.
func (c *Compiler) onlyAttribute(n Node, isOfKind func(Attribute) bool) (Attribute, bool) {
	var only Attribute
	is := everyTerm(n, func(t Term) bool {
		a, err := c.Names.Find(t.Name)
		if err != nil || !isOfKind(a) || only.ID != "" && only.ID != a.ID {
			return false
		}
		only = a
		return true
	})
	return only, is
}
