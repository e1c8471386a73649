package segment

import (
	"context"
	"slices"
)

// sortedAtOnce is how many hits are sorted without a look at the context, which takes some 10 ms.
var sortedAtOnce = 1 << 15

// sortHits sorts hits in event order, and gives up between parts when the context ends.
func sortHits(ctx context.Context, hits []hit) error {
	for len(hits) > sortedAtOnce {
		at := split(hits)
		if err := sortHits(ctx, hits[:at]); err != nil {
			return err
		}
		hits = hits[at+1:]
	}
	slices.SortFunc(hits, inEventOrder)
	return ctx.Err()
}

// split moves to the front what comes before one of the hits, and returns where that one stands then. It takes the middle
// one: hits lie in the order of sessions, in which users come at random.
func split(hits []hit) (at int) {
	middle, last := len(hits)/2, len(hits)-1
	hits[middle], hits[last] = hits[last], hits[middle]
	for i := range last {
		if inEventOrder(hits[i], hits[last]) < 0 {
			hits[i], hits[at] = hits[at], hits[i]
			at++
		}
	}
	hits[at], hits[last] = hits[last], hits[at]
	return at
}
