package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
)

// identifier derives ids for rows of one file that bring none: the hash of what the row says (all its columns by name,
// also those left out, and the constants) and how many rows of the file said the same before it. Neither its place in
// the file nor the mapping is part of it, so the same data imported again, in another order of rows or columns, gives
// the same ids.
//
// It remembers 8 bytes of each row's hash. Two rows that share them without being equal (one pair in some 10^9 rows)
// only get other numbers, never the same id.
type identifier struct {
	constants []byte
	seen      hashSet
	repeated  map[uint64]uint64 // of those seen more than once: how often before the last one
	buf       []byte
}

func newIdentifier(p plan) *identifier {
	var constants []byte
	for _, c := range p.sortedConstants() {
		constants = appendPair(constants, c.to.name, c.value)
	}
	return &identifier{
		constants: constants,
		repeated:  map[uint64]uint64{},
	}
}

// appendPair relies on neither text holding a NUL byte: such rows are refused before.
func appendPair(buf []byte, name, text string) []byte {
	buf = append(buf, name...)
	buf = append(buf, 0)
	buf = append(buf, text...)
	return append(buf, 0)
}

// id returns 32 hexadecimal digits.
func (d *identifier) id(values []value) string {
	d.buf = append(d.buf[:0], d.constants...)
	d.buf = append(d.buf, 0)
	for _, v := range values {
		if v.text != "" {
			d.buf = appendPair(d.buf, v.name, v.text)
		}
	}
	sum := sha256.Sum256(d.buf)
	if n := d.before(binary.LittleEndian.Uint64(sum[16:])); n > 0 {
		sum = sha256.Sum256(binary.LittleEndian.AppendUint64(sum[:], n))
	}
	return hex.EncodeToString(sum[:16])
}

// before counts how often the same content was seen before this time.
func (d *identifier) before(content uint64) uint64 {
	if d.seen.add(content) {
		return 0
	}
	d.repeated[content]++
	return d.repeated[content]
}
