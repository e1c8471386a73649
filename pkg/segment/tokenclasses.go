package segment

import (
	"slices"

	"github.com/footfall-analytics/footfall/pkg/sequence"
)

// tokenClasses puts those tokens into one class that are in the same of some sets, so that what an event is for all
// conditions can be looked up by one number. Class 0 is of those that are in none.
type tokenClasses struct {
	of   []uint32 // classes, by token
	in   [][]int  // sets, by class
	sets int
}

// newSet begins a set; its tokens are added once each.
func (c *tokenClasses) newSet() (add func(token int32)) {
	set := c.sets
	c.sets++
	within := map[uint32]uint32{} // the part of each class that is in the set
	return func(token int32) {
		if missing := int(token) + 1 - len(c.of); missing > 0 {
			c.of = append(c.of, make([]uint32, missing)...)
		}
		before := c.of[token]
		class, known := within[before]
		if !known {
			class = uint32(len(c.in)) //nolint:gosec // fewer than tokens
			c.in = append(c.in, append(slices.Clone(c.in[before]), set))
			within[before] = class
		}
		c.of[token] = class
	}
}

// class is that of a token.
func (c *tokenClasses) class(token int32) uint32 {
	if int(token) < len(c.of) {
		return c.of[token]
	}
	return 0
}

// tokens are those in any of the sets.
func (c *tokenClasses) tokens() []int32 {
	list := []int32{}
	for token, class := range c.of {
		if class != 0 {
			list = append(list, int32(token))
		}
	}
	return list
}

// marks are what events are for a condition, by the class of their token, in sessions of some places.
func (c *eventConditions) marks(h *happening, places uint64) []sequence.Mark {
	marks := make([]sequence.Mark, len(c.classes.in))
	for class, sets := range c.classes.in {
		inSet := func(set int) bool { return slices.Contains(sets, set) }
		marks[class] = h.plan.Mark(func(step int) bool { return h.matches[step](inSet, places) })
	}
	return marks
}
