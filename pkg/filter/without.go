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
	isOwn := func(t Term) bool {
		a, err := names.Find(t.Name)
		return err == nil && a.ID == attribute
	}
	var rest []Node
	for _, part := range parts {
		if !everyTerm(part, isOwn) {
			rest = append(rest, part)
		}
	}
	return All(rest...)
}
