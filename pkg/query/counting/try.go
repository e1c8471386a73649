package counting

import (
	"cmp"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/columns"
)

// MostTried is how many counts, users or times a goroutine keeps of all values of a facet by time, before it goes on with those of
// the values that lead: of the others it keeps what the first values are chosen by, over the whole range. Where one of these gets
// among the first after all, or there is no room for what the leading ones take either, it is left to another reading of the sessions
// to count what is asked of the first values. Tests make it small.
var MostTried = 1 << 20 / columns.Workers()

func (k *groupCounter) isMuch() bool {
	return len(k.made)*k.each > MostTried || k.people > MostTried || k.times > MostTried
}

// shrink keeps less: first of those that do not lead, then of all.
func (k *groupCounter) shrink() {
	if k.rest != nil {
		k.giveUp()
		return
	}
	k.part(k.leading())
}

// giveUp goes on without what is only asked of the first values.
func (k *groupCounter) giveUp() {
	if !k.isTry {
		return
	}
	k.part(nil)
	k.isTry, k.isWhole, k.tracks, k.starts = false, false, k.RankedBy, nil
	k.sheet, k.rest = k.rest, nil
	k.choose()
}

// leading are the keys of the groups that may be among the first, within each group of the facets before, judging by what has been
// counted: twice as many as are asked for.
func (k *groupCounter) leading() map[uint64]bool {
	lead, most := map[uint64]bool{}, 2*k.Facets[k.ranked].Limit
	for _, list := range k.candidates(k) {
		slices.SortFunc(list, func(a, b candidate) int { return cmp.Compare(b.rank, a.rank) })
		for _, c := range list[:min(most, len(list))] {
			lead[key(c.group, c.value)] = true
		}
	}
	return lead
}

// part leaves only those that lead in the sheet, and puts what the first values are chosen by of all others into rest.
func (k *groupCounter) part(lead map[uint64]bool) {
	before := k.sheet
	k.sheet = newSheet(len(k.tracks), len(k.starts)+1)
	if k.rest == nil {
		k.rest = newSheet(len(k.RankedBy), 1)
	}
	k.entries, k.memo, k.times, k.people = nil, index{columns: k.memo.columns}, 0, 0
	for cell, place := range before.made {
		key, counts := before.keys[place[0]], before.of(cell)
		switch {
		case lead[key]:
			copy(k.of(k.cell(k.sheet.group(key), place[1])), counts)
		case place[1] == k.whole():
			rest := k.rest.total(key)
			for place, track := range k.RankedBy {
				rest[place] = counts[slices.Index(k.tracks, track)]
			}
		}
	}
	for _, sheet := range []*sheet{k.sheet, k.rest} {
		for cell := range sheet.made {
			counts := sheet.of(cell)
			for i := range counts {
				k.times += counts[i].Times.Len()
				k.people += int(counts[i].Users)
			}
		}
	}
}

// agree has all goroutines have tried the same: none, where one has given up.
func agree(counters []*groupCounter) {
	gaveUp := slices.ContainsFunc(counters, func(k *groupCounter) bool { return !k.isTry })
	parted := slices.ContainsFunc(counters, func(k *groupCounter) bool { return k.rest != nil })
	for _, k := range counters {
		switch {
		case gaveUp:
			k.giveUp()
		case parted && k.rest == nil:
			k.rest = newSheet(len(k.RankedBy), 1)
		}
	}
}

// hasAll tells whether all that is asked for was counted of the groups that a level makes.
func (k *groupCounter) hasAll(of level) bool {
	if !k.isTry || k.rest == nil {
		return k.isTry
	}
	for key := range of.next {
		if k.rest.has(key) {
			return false
		}
	}
	return true
}
