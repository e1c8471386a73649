package ingest

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// identifier derives ids for rows of one file that bring none: the hash of what the row means (its time, all its other
// columns by name, also those left out, and the constants) and how many rows of the file meant the same before it. How
// values are spelled, the row's place in the file and the mapping are no part of it, so the same data imported again, in
// another format or order of rows or columns, gives the same ids.
//
// It remembers 8 bytes of each row's hash. Two rows that share them without being equal (one pair in some 10^9 rows)
// only get other numbers, never the same id.
type identifier struct {
	constants []byte // hash of the constants
	times     []string
	content   event.Content
	seen      hashSet
	repeated  map[uint64]uint64 // of those seen more than once: how often before the last one
	buf       []byte
}

func newIdentifier(p plan) *identifier {
	d := &identifier{
		times:    p.timeColumns(),
		content:  event.Content{Zone: p.times.zone()},
		repeated: map[uint64]uint64{},
	}
	for _, c := range p.sortedConstants() {
		d.content.Add(c.to.name, c.value)
	}
	constants := sha256.Sum256(d.content.Bytes())
	d.constants = constants[:]
	return d
}

// timeColumns are those that ts is made of.
func (p plan) timeColumns() []string {
	ts := targetOf("ts")
	if t, joined := p.joined[ts]; joined {
		return t.columns()
	}
	if column := p.columnOf(ts.name); column != "" {
		return []string{column}
	}
	return nil
}

// id returns 32 hexadecimal digits for the values of a row whose time is ts, as the inbox takes it.
func (d *identifier) id(values []value, ts string) string {
	d.content.Reset()
	d.addTime(ts)
	for _, v := range values {
		switch {
		case slices.Contains(d.times, v.name):
		case v.bad != "":
			d.content.AddText(v.name, v.text)
		default:
			d.content.Add(v.name, v.text)
		}
	}
	d.buf = append(append(d.buf[:0], d.constants...), d.content.Bytes()...)
	sum := sha256.Sum256(d.buf)
	if n := d.before(binary.LittleEndian.Uint64(sum[16:])); n > 0 {
		sum = sha256.Sum256(binary.LittleEndian.AppendUint64(sum[:], n))
	}
	return hex.EncodeToString(sum[:16])
}

// addTime takes the row's time in place of its columns. A row whose time cannot be read is refused; its id is no matter.
func (d *identifier) addTime(ts string) {
	if at, err := event.ParseTimeIn(ts, d.content.Zone); err == nil {
		d.content.AddTime("ts", at.UnixMilli())
	}
}

// before counts how often the same content was seen before this time.
func (d *identifier) before(content uint64) uint64 {
	if d.seen.add(content) {
		return 0
	}
	d.repeated[content]++
	return d.repeated[content]
}
