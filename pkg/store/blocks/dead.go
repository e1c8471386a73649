package blocks

import (
	"cmp"
	"math"
	"slices"
)

// Death says that the copy of a session, as it was packed, does not count any more in blocks of lesser numbers: the session has
// changed since, is another user's, or is gone. It may stand in blocks of that number or greater ones again.
type Death struct {
	Start  int64 // milliseconds since 1970
	User   int32
	Key    int64
	Number int64
}

// compareDeaths orders them as Compare orders sessions.
func compareDeaths(a, b Death) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.User, b.User), cmp.Compare(a.Key, b.Key))
}

// MergeDeaths sorts the deaths of some lists. Of those of one copy the one with the greatest number says all.
func MergeDeaths(lists ...[]Death) []Death {
	all := slices.Concat(lists...)
	slices.SortFunc(all, func(a, b Death) int { return cmp.Or(compareDeaths(a, b), cmp.Compare(b.Number, a.Number)) })
	return slices.CompactFunc(all, func(a, b Death) bool { return compareDeaths(a, b) == 0 })
}

// Extent is what tells which deaths concern a block.
type Extent struct {
	Number             int64
	MinStart, MaxStart int64
}

// has tells whether a copy may be in the block and not count there.
func (e Extent) has(d Death) bool {
	return d.Number > e.Number && d.Start >= e.MinStart && d.Start <= e.MaxStart
}

// Deaths are those of merged ones that concern the block. Where there are none, nobody needs to know its sessions' keys.
func (e Extent) Deaths(merged []Death) []Death {
	from, _ := slices.BinarySearchFunc(merged, e.MinStart, func(d Death, start int64) int { return cmp.Compare(d.Start, start) })
	var list []Death
	for _, d := range merged[from:] {
		if d.Start > e.MaxStart {
			break
		}
		if e.has(d) {
			list = append(list, d)
		}
	}
	return list
}

// NeededDeaths leaves out the deaths that concern none of the blocks, which are all of a bucket.
func NeededDeaths(deaths []Death, blocks []Extent) []Death {
	return slices.DeleteFunc(slices.Clone(deaths), func(d Death) bool {
		return !slices.ContainsFunc(blocks, func(e Extent) bool { return e.has(d) })
	})
}

// Bury has All leave out the copies that deaths, merged and of this block, are of. Users and keys have to be decoded.
func (r *Reader) Bury(deaths []Death) {
	if len(deaths) == 0 {
		return
	}
	r.buried = slices.Grow(r.buried, r.sessions)[:r.sessions]
	clear(r.buried)
	for _, d := range deaths {
		at, _ := slices.BinarySearch(r.starts, d.Start)
		for ; at < r.sessions && r.starts[at] == d.Start; at++ {
			if r.users[at] == d.User && r.keys[at] == d.Key {
				r.buried[at] = true
			}
		}
	}
}

// Dead is a list of deaths as it is stored, in columns like those of a block.
type Dead struct {
	Format             int16
	Deaths             int32 // how many it holds
	MinStart, MaxStart int64
	Columns            [DeadColumns][]byte
}

// The columns of a list of deaths. Starts are written as those of a block.
const (
	DeadStarts = iota
	DeadUsers
	DeadKeys
	DeadNumbers
	DeadColumns // how many there are
)

// EncodeDeaths makes a list of merged deaths, at least one.
func EncodeDeaths(deaths []Death) Dead {
	first, last := deaths[0].Start, deaths[len(deaths)-1].Start
	var starts, keys, numbers []int64
	var users []int32
	before := first
	for _, d := range deaths {
		starts, before = append(starts, d.Start-before), d.Start
		users, keys, numbers = append(users, d.User), append(keys, d.Key), append(numbers, d.Number)
	}
	return Dead{
		Format: Format, Deaths: int32(len(deaths)), MinStart: first, MaxStart: last, //nolint:gosec // of a bucket
		Columns: [DeadColumns][]byte{encodeInts(starts), encodeInts(users), encodeInts(keys), encodeInts(numbers)},
	}
}

// Decode unpacks the list.
func (d *Dead) Decode() ([]Death, error) {
	if d.Format != Format {
		return nil, errorf("has dead ones of format %d, this program knows %d", d.Format, Format)
	}
	if d.Deaths < 1 || d.Deaths > maxColumn || d.MinStart != limited(d.MinStart) {
		return nil, errorf("says that %d are dead from %d on", d.Deaths, d.MinStart)
	}
	var v values
	var columns [DeadColumns][]int64
	for c, most := range [DeadColumns]uint64{maxWhole, math.MaxInt32, math.MaxUint64, math.MaxInt64} {
		err := v.decompress(d.Columns[c], int(d.Deaths))
		if err == nil {
			columns[c], err = ints(&v, columns[c], int(d.Deaths), most)
		}
		if err != nil {
			return nil, errorf("has dead ones with a column %d that %v", c, err)
		}
	}
	deaths, last := make([]Death, d.Deaths), d.MinStart
	for i := range deaths {
		last = limited(last + columns[DeadStarts][i])
		deaths[i] = Death{last, int32(columns[DeadUsers][i]), columns[DeadKeys][i], columns[DeadNumbers][i]} //nolint:gosec // checked
		if i > 0 && compareDeaths(deaths[i-1], deaths[i]) >= 0 {
			return nil, errorf("has dead ones that are not in their order")
		}
	}
	if last != d.MaxStart {
		return nil, errorf("has a last dead one that started at %d, not at %d", last, d.MaxStart)
	}
	return deaths, nil
}
