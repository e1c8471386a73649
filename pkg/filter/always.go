package filter

// WithoutAlways leaves out, of what all has to hold, that a known attribute has a value or none: `(application:* OR -application:*)`, as
// filters of dashboards say where all values of a variable are chosen. It holds always, and would be asked of everything.
func WithoutAlways(n Node, names Names) Node {
	switch n := n.(type) {
	case And:
		list := make([]Node, len(n.Nodes))
		for i, one := range n.Nodes {
			list[i] = WithoutAlways(one, names)
		}
		return All(list...)
	case Or:
		if n.holdsAlways(names) {
			return nil
		}
	}
	return n
}

func (n Or) holdsAlways(names Names) bool {
	if len(n.Nodes) != 2 {
		return false
	}
	has, isTerm := n.Nodes[0].(Term)
	not, isNot := n.Nodes[1].(Not)
	if !isTerm || !isNot || !isExists(has.Match) {
		return false
	}
	none, isTerm := not.Node.(Term)
	if !isTerm || !isExists(none.Match) || none.Name != has.Name {
		return false
	}
	_, err := names.Find(has.Name) // a wrong name is to be told of
	return err == nil
}
