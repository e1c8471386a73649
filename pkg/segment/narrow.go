package segment

import (
	"math/bits"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// maxRarePlaces are conditions on sessions, whose combinations are gone through.
const maxRarePlaces = 6

// narrow lets a scan read those sessions alone that matter, where an index has them and they are few.
func (c *eventConditions) narrow(scan *columns.Scan) error {
	if c.needAnyToken() {
		return nil
	}
	executed, err := scan.Holding(c.ctx, c.db, c.classes.tokens())
	c.executed = append(c.executed, executed...)
	return err
}

// needAnyToken tells whether an event may matter whose token is in none of the sets.
func (c *eventConditions) needAnyToken() bool {
	inNone := func(int) bool { return false }
	for _, h := range c.list {
		if bits.OnesCount64(h.places) > maxRarePlaces {
			return true
		}
		for places := h.places; ; places = (places - 1) & h.places { // every combination
			if h.plan.Mark(func(step int) bool { return h.matches[step](inNone, places) }).Matters() {
				return true
			}
			if places == 0 {
				break
			}
		}
	}
	return false
}
