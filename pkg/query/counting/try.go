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
	before, whole := k.sheet, k.whole()
	places := make([][]int32, len(k.tracks)) // of tracks, among those that are kept
	for place, track := range k.RankedBy {
		places[track] = append(places[track], int32(place))
	}
	k.isTry, k.isWhole, k.tracks, k.starts = false, false, k.RankedBy, nil
	k.sheet = newSheet(len(k.tracks), 1)
	k.entries, k.memo, k.times, k.people = nil, index{columns: k.memo.columns}, 0, 0
	for cell, place := range before.made {
		if place[1] != whole {
			continue
		}
		counts := k.of(k.cell(k.sheet.group(before.keys[place[0]]), 0))
		for track, kept := range places {
			for _, place := range kept {
				counts[place] = before.of(cell)[track]
				counts[place].people = counts[place].people.clone()
				k.people += int(counts[place].Users)
			}
		}
	}
}
