package counting

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/query"
)

// key stands for a value within a group of the facets before, or for a group, with 0.
func key(group, value int32) uint64 {
	return uint64(group)<<32 | uint64(value) //nolint:gosec // neither is negative
}

// level is how a facet's values part the groups of the facets before.
type level struct {
	next  map[uint64]int32 // groups by group before and value
	other []int32          // by group before, of all other values; nil: these count nowhere
}

// after is the group of a value, -1 where there is none.
func (l *level) after(group, value int32) int32 {
	if next, known := l.next[key(group, value)]; known {
		return next
	}
	if l.other == nil {
		return -1
	}
	return l.other[group]
}

// candidate is a value of a facet within a group of the facets before.
type candidate struct {
	group, value int32
	rank         float64
	label        string
}

// rank chooses the first values within each group of the facets before, of those that were counted: a level, the groups that
// it makes, in order, and how many values a group had at most.
func (r *run) rank(ctx context.Context, facet int, counted *groupCounter, before []Group) (level, []Group, int64, error) {
	f := r.Facets[facet]
	var most int64
	var first []candidate
	for _, list := range r.candidates(counted) {
		most = max(most, int64(len(list)))
		first = append(first, firstOf(list, f)...)
	}
	if err := r.label(ctx, facet, first); err != nil {
		return level{}, nil, 0, err
	}
	slices.SortFunc(first, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(b.rank, a.rank), cmp.Compare(a.label, b.label))
	})
	made := level{next: map[uint64]int32{}}
	var groups []Group
	add := func(group int32, label *string) int32 {
		groups = append(groups, Group{Labels: append(slices.Clone(before[group].Labels), label)})
		return int32(len(groups) - 1) //nolint:gosec // of ten thousand
	}
	for group := range int32(len(before)) { //nolint:gosec // of ten thousand
		taken := 0
		for ; len(first) > 0 && first[0].group == group; first = first[1:] {
			// What the store itself calls so belongs to it.
			if c := first[0]; taken < f.Limit && (!f.Other || c.label != OtherText) {
				taken++
				made.next[key(group, c.value)] = add(group, &c.label)
			}
		}
		if f.Other {
			made.other = append(made.other, add(group, nil))
		}
	}
	return made, groups, most, nil
}

// candidates are all values that were counted, by group of the facets before.
func (r *run) candidates(counted *groupCounter) map[int32][]candidate {
	byGroup := map[int32][]candidate{}
	byTrack := make([]Count, len(r.Tracks))
	add := func(key uint64) {
		c := candidate{group: int32(key >> 32), value: int32(key), rank: math.Inf(-1)} //nolint:gosec // made of two int32
		if rank := r.Rank(byTrack); rank != nil {
			c.rank = *rank
		}
		byGroup[c.group] = append(byGroup[c.group], c)
	}
	for cell, place := range counted.made {
		if place[1] != counted.whole() {
			continue
		}
		for i, count := range counted.of(cell) {
			byTrack[counted.tracks[i]] = count
		}
		key := counted.keys[place[0]]
		if counted.rest != nil && counted.rest.has(key) { // it led for one goroutine, and not for another
			for i, count := range counted.rest.total(key) {
				byTrack[r.RankedBy[i]].join(&count)
			}
		}
		add(key)
	}
	if counted.rest == nil {
		return byGroup
	}
	for cell, place := range counted.rest.made {
		if key := counted.rest.keys[place[0]]; !counted.sheet.has(key) {
			for i, count := range counted.rest.of(cell) {
				byTrack[r.RankedBy[i]] = count
			}
			add(key)
		}
	}
	return byGroup
}

// firstOf are those that may be among the first: one more than wanted, since one may not count, and all that equal the last.
func firstOf(list []candidate, f Facet) []candidate { return withTies(list, f.Limit+1) }

// withTies are so many with the highest ranks, and all that equal the last.
func withTies(list []candidate, limit int) []candidate {
	slices.SortFunc(list, func(a, b candidate) int { return cmp.Compare(b.rank, a.rank) })
	last := min(limit, len(list))
	for last > 0 && last < len(list) && list[last].rank == list[last-1].rank {
		last++
	}
	return list[:last]
}

// label finds the texts of values.
func (r *run) label(ctx context.Context, facet int, list []candidate) error {
	if texts := r.codes[facet].texts; texts != nil {
		for i := range list {
			list[i].label = texts[list[i].value]
		}
		return nil
	}
	ids := make([]int32, len(list))
	for i, c := range list {
		ids[i] = c.value
	}
	texts, err := query.ReadTexts(ctx, r.db, ids)
	for i := range list {
		if text := texts[list[i].value]; text != nil {
			list[i].label = *text
		}
	}
	return err
}
