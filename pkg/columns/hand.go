package columns

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/footfall-analytics/footfall/pkg/store/blocks"
	"github.com/footfall-analytics/footfall/pkg/store/packed"
)

// hand is what one goroutine unpacks with.
type hand struct {
	Scan
	take     func(*Session) error
	packed   Session // unpacked into the same memory again and again
	sealed   Session // whose lists are a reader's, and not to be written to
	reader   blocks.Reader
	want     blocks.Set
	from, to int64 // in milliseconds since 1970
	users    Set   // those of Users
	said     saidOfBlock
	sorted   *sorting  // nil: sessions are handed over as they come
	batched  []Session // like sealed; nil: these are handed over one by one
	batch    func([]Session) error
}

// batchSize is how many sessions are handed over at a time: so many are still in the processor's cache when the next one takes them.
const batchSize = 64

// work unpacks what comes and hands it over.
func (s Scan) work(ctx context.Context, way way, worker int, chunks <-chan *chunk, take func(int, *Session) error) error {
	h := hand{Scan: s, want: s.columns(), from: Milliseconds(s.From), to: Milliseconds(s.To), take: func(one *Session) error {
		if s.Where != nil && !s.Where(one) {
			return nil
		}
		return take(worker, one)
	}}
	for _, user := range s.Users {
		h.users.Add(user)
	}
	if s.Said != nil {
		h.packed.Said, h.sealed.Said = make([][]int32, len(s.Said.Names)), make([][]int32, len(s.Said.Names))
	}
	if way == fromBuckets {
		h.sorted = &sorting{}
	}
	if s.batch != nil {
		h.batched, h.batch = make([]Session, 0, batchSize), func(list []Session) error { return s.batch(worker, list) }
	}
	around := s.around
	if around == nil {
		around = func(_ int, over func() error) error { return over() }
	}
	for c := range chunks {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := around(worker, func() error { return h.over(c) }); err != nil {
			return err
		}
	}
	return nil
}

func (h *hand) over(c *chunk) error {
	switch {
	case h.sorted != nil:
		return h.sort(c)
	case c.block != nil:
		return h.overBlock(c.block)
	}
	for i := range c.rows {
		if err := h.take(&c.rows[i]); err != nil {
			return err
		}
	}
	for i := range c.heads {
		if err := c.unpack(i, &h.packed); err != nil {
			return err
		}
		if h.Said != nil {
			h.Said.ofTail(&h.packed)
		}
		if err := h.take(&h.packed); err != nil {
			return err
		}
	}
	return nil
}

// unpack unpacks the i-th packed session.
func (c *chunk) unpack(i int, to *Session) error {
	h, from := c.heads[i], 0
	if i > 0 {
		from = c.heads[i-1].upTo
	}
	if err := packed.Decode(c.packed[from:h.upTo], &to.Session); err != nil {
		return damaged(fmt.Sprintf("session %d of user %d", h.Session, h.User), err)
	}
	to.Ref, to.Start, to.end = h.Ref, h.start, h.end
	return nil
}

func damaged(what string, err error) error {
	return fmt.Errorf("%s: %w; `footfall rebuild --columns` repairs it", what, err)
}

// overBlock hands over the sessions of a block that count and are wanted.
func (h *hand) overBlock(b *block) error {
	if err := h.decode(b, &h.reader); err != nil {
		return err
	}
	if h.Said != nil {
		if err := h.said.decode(h.Said, b); err != nil {
			return err
		}
	}
	if h.batch != nil {
		return h.inBatches()
	}
	for i, s := range h.reader.All {
		if !h.wants(s) {
			continue
		}
		h.sealed.of(s)
		for attribute, list := range h.said.lists {
			from := h.reader.EventsBefore(i)
			h.sealed.Said[attribute] = list[from : from+len(s.Tokens)]
		}
		if err := h.take(&h.sealed); err != nil {
			return err
		}
	}
	return nil
}

// inBatches hands over the sessions of the block that was decoded.
func (h *hand) inBatches() error {
	list := h.batched
	for _, s := range h.reader.All {
		if !h.wants(s) {
			continue
		}
		list = list[:len(list)+1]
		if list[len(list)-1].of(s); len(list) == cap(list) {
			if err := h.batch(list); err != nil {
				return err
			}
			list = list[:0]
		}
	}
	return h.batch(list)
}

func (h *hand) decode(b *block, r *blocks.Reader) error {
	if err := r.Decode(&b.Block, h.columnsOf(b)); err != nil {
		return damaged(fmt.Sprintf("block %d of bucket %d", b.ID, b.Bucket), err)
	}
	r.Bury(b.deaths)
	return nil
}

func (h *hand) wants(s *blocks.Session) bool {
	return s.Start < h.to && (s.Start >= h.from || h.Reaching && s.End >= h.from) && (h.Users == nil || h.users.Has(s.User))
}

// of takes over what a block has.
func (to *Session) of(s *blocks.Session) {
	to.Ref, to.Start, to.end, to.Session = Ref{s.User, s.Key}, s.Start, s.End, s.Session
}

// sorting are the sessions of a bucket, which are handed over user by user.
type sorting struct {
	readers []*blocks.Reader // used anew for each bucket
	blocks  int              // of the bucket at hand
	chunks  []*chunk         // of the tail
	places  []place
}

// place is where a session is: the number of a block, or -1-n for the n-th chunk, and of the session there.
type place struct {
	Ref
	start    int64
	from, at int32
}

// sort keeps what comes until the bucket ends.
func (h *hand) sort(c *chunk) error {
	s := h.sorted
	switch {
	case c.ends:
		return h.overSorted()
	case c.block == nil:
		s.chunks = append(s.chunks, c)
		for i, head := range c.heads {
			s.places = append(s.places, place{head.Ref, head.start, -int32(len(s.chunks)), int32(i)}) //nolint:gosec // of a bucket
		}
		return nil
	}
	if s.blocks == len(s.readers) {
		s.readers = append(s.readers, &blocks.Reader{})
	}
	reader := s.readers[s.blocks]
	if err := h.decode(c.block, reader); err != nil {
		return err
	}
	for i, one := range reader.All {
		if h.wants(one) {
			s.places = append(s.places, place{Ref{one.User, one.Key}, one.Start, int32(s.blocks), int32(i)}) //nolint:gosec // of a bucket
		}
	}
	s.blocks++
	return nil
}

// overSorted hands over the sessions of a bucket.
func (h *hand) overSorted() error {
	s := h.sorted
	slices.SortFunc(s.places, func(a, b place) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.start, b.start), cmp.Compare(a.Session, b.Session))
	})
	var one blocks.Session
	for _, p := range s.places {
		session := &h.packed
		if p.from < 0 {
			if err := s.chunks[-1-p.from].unpack(int(p.at), session); err != nil {
				return err
			}
		} else {
			session = &h.sealed
			s.readers[p.from].Session(int(p.at), &one)
			session.of(&one)
		}
		if err := h.take(session); err != nil {
			return err
		}
	}
	s.blocks, s.chunks, s.places = 0, nil, s.places[:0]
	return nil
}
