package filter

// Without leaves out of a filter what it says of one attribute alone: the parts joined by AND at its top whose every term
// is on that attribute. Other parts stay whole, and so does what has(...) says. Nil where nothing is left.
func Without(n Node, names Names, attribute string) Node {
	if n == nil {
		return nil
	}
	parts := []Node{n}
	if and, ok := n.(And); ok {
		parts = and.Nodes
	}
	var rest []Node
	for _, part := range parts {
		if !speaksOnlyOf(part, names, attribute) {
			rest = append(rest, part)
		}
	}
	return All(rest...)
}

func speaksOnlyOf(n Node, names Names, attribute string) bool {
	only := func(n Node) bool { return speaksOnlyOf(n, names, attribute) }
	switch n := n.(type) {
	case And:
		return allNodes(n.Nodes, only)
	case Or:
		return allNodes(n.Nodes, only)
	case Not:
		return only(n.Node)
	case Term:
		a, err := names.Find(n.Name)
		return err == nil && a.ID == attribute
	}
	return false
}
