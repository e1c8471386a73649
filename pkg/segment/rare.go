package segment

import (
	"math/bits"

	"github.com/footfall-analytics/footfall/pkg/columns"
	"github.com/footfall-analytics/footfall/pkg/filter"
)

// maxRare is how many sessions are looked up one by one rather than reading all. Tests want fewer.
var maxRare = 10_000

// Limits of what the index over sessions' tokens is asked for.
const (
	maxRareTokens = 500
	maxRarePlaces = 6 // conditions on sessions, whose combinations are gone through
)

// rareSQL are sessions that reach into the time and hold one of the tokens, or perhaps: those whose arrays are cut off.
var rareSQL = `select s.user_key, s.session_key
  from footfall.sessions s
 where (s.truncated or s.tokens && $1)
   and ` + filter.Overlap("$2", "$3") + `
 limit $4`

// rare finds the sessions that have to be read where an index has them and they are few; nil: all have to be.
func (c *eventConditions) rare() ([]columns.Ref, error) {
	tokens := c.classes.tokens(maxRareTokens)
	if tokens == nil || c.needAnyToken() {
		return nil, nil
	}
	refs := []columns.Ref{}
	var ref columns.Ref
	err := c.each(rareSQL, []any{tokens, c.from, c.to, maxRare + 1}, []any{&ref.User, &ref.Session}, func() error {
		refs = append(refs, ref)
		return nil
	})
	if len(refs) > maxRare {
		refs = nil
	}
	return refs, err
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
