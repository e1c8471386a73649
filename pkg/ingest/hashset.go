package ingest

import "math/bits"

// hashSet is a set of 64-bit hashes that takes some 12 bytes for each; Go's map takes 30.
// Many small tables, picked by the hash's first byte, grow one at a time, so that growing needs no second copy of all.
type hashSet struct {
	tables [256]hashTable
}

// add reports whether the hash is new.
func (s *hashSet) add(hash uint64) bool {
	if hash == 0 {
		hash = 1 // 0 marks a free slot
	}
	return s.tables[hash>>56].add(hash)
}

// hashTable is open addressing with linear probing.
type hashTable struct {
	slots []uint64
	used  int
}

func (t *hashTable) add(hash uint64) bool {
	if 5*t.used >= 4*len(t.slots) {
		t.grow()
	}
	slot := t.find(hash)
	if t.slots[slot] == hash {
		return false
	}
	t.slots[slot] = hash
	t.used++
	return true
}

// find returns the slot that holds the hash, or the free one where it belongs.
func (t *hashTable) find(hash uint64) int {
	// The hash without its first byte, which all of this table share, scaled to the table's size.
	high, _ := bits.Mul64(hash<<8, uint64(len(t.slots)))
	slot := int(high) //nolint:gosec // less than the number of slots
	for t.slots[slot] != 0 && t.slots[slot] != hash {
		if slot++; slot == len(t.slots) {
			slot = 0
		}
	}
	return slot
}

func (t *hashTable) grow() {
	old := t.slots
	t.slots = make([]uint64, max(16, len(old)*3/2))
	for _, hash := range old {
		if hash != 0 {
			t.slots[t.find(hash)] = hash
		}
	}
}
