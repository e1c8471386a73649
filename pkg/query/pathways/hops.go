package pathways

import (
	"encoding/binary"
	"iter"
)

// hop is where a path that is at a node goes next, nodes by number. To 0 is nowhere: the path ends.
type hop struct {
	from, to int32
	took     int64 // ms
}

func hopAt(path []stop, step int) hop {
	h := hop{from: path[step].node}
	if step+1 < len(path) {
		next := path[step+1]
		h.to, h.took = next.node, max(next.at-path[step].at, path[step].at-next.at) // read backward, next was earlier
	}
	return h
}

// hopList is a list of hops written as varints, some 7 bytes each, in blocks, so that it grows without being copied.
type hopList struct {
	blocks [][]byte
	going  int // hops that lead to a node
}

const (
	blockBytes  = 32 << 10 // most lists are short
	maxHopBytes = 2*binary.MaxVarintLen32 + binary.MaxVarintLen64
)

func (l *hopList) add(h hop) {
	last := len(l.blocks) - 1
	if last < 0 || len(l.blocks[last]) > blockBytes-maxHopBytes {
		l.blocks = append(l.blocks, make([]byte, 0, blockBytes))
		last++
	}
	block := binary.AppendUvarint(l.blocks[last], uint64(h.from)) //nolint:gosec // none of what a hop has is negative
	block = binary.AppendUvarint(block, uint64(h.to))             //nolint:gosec // as above
	if h.to != 0 {
		block = binary.AppendUvarint(block, uint64(h.took)) //nolint:gosec // as above
		l.going++
	}
	l.blocks[last] = block
}

// join adds others at the end.
func (l *hopList) join(other *hopList) {
	l.blocks = append(l.blocks, other.blocks...)
	l.going += other.going
}

// bytes is what the list takes.
func (l *hopList) bytes() int { return len(l.blocks) * blockBytes }

// all are the hops with their places in the list.
func (l *hopList) all() iter.Seq2[int, hop] {
	return func(yield func(int, hop) bool) {
		i := 0
		for _, block := range l.blocks {
			for read := (reader{block}); len(read.block) > 0; i++ {
				h := hop{from: int32(read.next()), to: int32(read.next())} //nolint:gosec // written from as many bits
				if h.to != 0 {
					h.took = int64(read.next()) //nolint:gosec // as above
				}
				if !yield(i, h) {
					return
				}
			}
		}
	}
}

// reader reads one varint of a block after the other.
type reader struct{ block []byte }

func (r *reader) next() uint64 {
	value, length := binary.Uvarint(r.block)
	r.block = r.block[length:]
	return value
}
