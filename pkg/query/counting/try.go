package counting

import "github.com/footfall-analytics/footfall/pkg/columns"

// MostTried is how many counts, users or times a goroutine keeps of all values of a facet by time, before it is left to
// another reading of the sessions to count what is asked of the first values; so it is where there is no room for as many, 90 MB
// of counts. Tests make it small.
var MostTried = 1 << 20 / columns.Workers()

// giveUp goes on without what is only asked of the first values: it keeps what these are chosen by, over the whole range.
func (k *groupCounter) giveUp() {
	if !k.isTry {
		return
	}
	before, pairs, whole := k.sheet, k.pairs.list, k.whole()
	places := make([][]int32, len(k.tracks)) // of tracks, among those that are kept
	for place, track := range k.RankedBy {
		places[track] = append(places[track], int32(place))
	}
	k.isTry, k.isWhole, k.tracks, k.starts = false, false, k.RankedBy, nil
	k.sheet, k.pairs = newSheet(len(k.tracks), 1), userPairs{}
	k.entries, k.memo, k.times = nil, index{columns: k.memo.columns}, 0
	cells := make([]int, len(before.made)) // new ones, by old ones
	for cell, place := range before.made {
		if cells[cell] = -1; place[1] != whole {
			continue
		}
		cells[cell] = k.cell(k.sheet.group(before.keys[place[0]]), 0)
		for track, kept := range places {
			for _, place := range kept {
				k.of(cells[cell])[place] = before.of(cell)[track]
			}
		}
	}
	for _, pair := range pairs {
		at := int(pair >> 32)
		if cell := cells[at/before.each]; cell >= 0 {
			for _, place := range places[at%before.each] {
				k.pairs.add(cell*k.each+int(place), int32(pair)) //nolint:gosec // made of one
			}
		}
	}
}
