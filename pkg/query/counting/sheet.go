package counting

import "unsafe"

// Count is what is counted of a cell by one track.
type Count struct {
	Events, Sessions, Users int64
	Times                   Durations
	Latest                  Latest

	session int    // the last one counted, by number
	people  people // the users, until all are counted
}

// Latest is the last event that was counted of a user who counts; of those at one time, of the user with the greatest key.
type Latest struct {
	At   int64 // in milliseconds since 1970
	User int32 // the key; 0: there is none
}

func (l *Latest) take(other Latest) {
	if l.User == 0 || other.User != 0 && (other.At > l.At || other.At == l.At && other.User > l.User) {
		*l = other
	}
}

// join adds what another goroutine has counted.
func (c *Count) join(other *Count) {
	c.Events, c.Sessions, c.Users = c.Events+other.Events, c.Sessions+other.Sessions, c.Users+other.Users
	c.Times.Join(&other.Times)
	c.Latest.take(other.Latest)
}

// sheet is what has been counted by group and bucket.
type sheet struct {
	each   int              // how many counts a cell has
	groups map[uint64]int32 // numbers of groups by their keys
	keys   []uint64
	cells  index      // numbers of cells by group and bucket
	made   [][2]int32 // groups and buckets of cells
	pages  [][]Count  // counts of so many cells each, by track: what grows is not copied
}

// pageCells is how many cells have their counts side by side.
const pageCells = 256

func newSheet(tracks, buckets int) *sheet {
	return &sheet{each: tracks, groups: map[uint64]int32{}, cells: index{columns: buckets}}
}

// group is the number of a group.
func (s *sheet) group(key uint64) int32 {
	number, known := s.groups[key]
	if !known {
		number = int32(len(s.keys)) //nolint:gosec // no more than values of facets
		s.groups[key], s.keys = number, append(s.keys, key)
	}
	return number
}

func (s *sheet) has(key uint64) bool {
	_, has := s.groups[key]
	return has
}

// cell is the number of a cell.
func (s *sheet) cell(group, bucket int32) int {
	cell := s.cells.get(group, bucket)
	if cell < 0 {
		cell = int32(len(s.made)) //nolint:gosec // bounded by memory
		s.cells.set(group, bucket, cell)
		s.made = append(s.made, [2]int32{group, bucket})
		if len(s.made) > len(s.pages)*pageCells {
			s.pages = append(s.pages, make([]Count, pageCells*s.each))
		}
	}
	return int(cell)
}

// of are the counts of a cell, by track.
func (s *sheet) of(cell int) []Count {
	first := cell % pageCells * s.each
	return s.pages[cell/pageCells][first : first+s.each]
}

// total are the counts of a group, in a sheet of one bucket.
func (s *sheet) total(key uint64) []Count { return s.of(s.cell(s.group(key), 0)) }

// forget leaves of users how many they are.
func (s *sheet) forget() {
	if s == nil {
		return
	}
	for _, counts := range s.pages {
		for i := range counts {
			counts[i].people = people{}
		}
	}
}

// groupBytes is what a group takes with its key and its place in a map.
const groupBytes = 48

// bytes is about what it keeps, but for the times of counts.
func (s *sheet) bytes() int {
	if s == nil {
		return 0
	}
	return len(s.keys)*groupBytes + len(s.made)*8 + s.cells.bytes() + len(s.pages)*pageCells*s.each*int(unsafe.Sizeof(Count{}))
}

// join adds what another goroutine has counted, none of it of the same user.
func (s *sheet) join(other *sheet) {
	if other == nil {
		return
	}
	for cell, place := range other.made {
		mine := s.of(s.cell(s.group(other.keys[place[0]]), place[1]))
		for i := range mine {
			mine[i].join(&other.of(cell)[i])
		}
	}
}

// index numbers pairs: in a table as long as that is small, the rest in a map, which takes longer.
type index struct {
	columns int
	table   []int32 // numbers + 1
	rest    map[uint64]int32
}

const maxTable = 1 << 20

// bytes is about what it keeps.
func (x *index) bytes() int { return cap(x.table)*4 + len(x.rest)*24 }

// get is the number of a pair, -1 of one that has none.
func (x *index) get(row, column int32) int32 {
	if at := int(row)*x.columns + int(column); at < len(x.table) {
		return x.table[at] - 1
	} else if at < maxTable {
		return -1
	}
	return x.rest[uint64(row)<<32|uint64(column)] - 1 //nolint:gosec // neither is negative
}

func (x *index) set(row, column, number int32) {
	at := int(row)*x.columns + int(column)
	if at >= maxTable {
		if x.rest == nil {
			x.rest = map[uint64]int32{}
		}
		x.rest[uint64(row)<<32|uint64(column)] = number + 1 //nolint:gosec // neither is negative
		return
	}
	if missing := at + 1 - len(x.table); missing > 0 {
		x.table = append(x.table, make([]int32, missing)...)
	}
	x.table[at] = number + 1
}
