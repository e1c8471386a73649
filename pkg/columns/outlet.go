package columns

import "context"

// chunk is some sessions on their way to a goroutine: packed, rows that are not packed yet, or a block.
type chunk struct {
	heads  []head // of those that are packed
	packed []byte
	rows   []Session
	block  *block
	ends   bool // nothing: no more comes of the buckets that came before
}

type head struct {
	Ref
	start, end int64
	upTo       int // of its bytes
}

// Sessions and bytes of a chunk. It ends with the session that reaches one of these.
const (
	chunkSessions = 512
	chunkBytes    = 1 << 16
)

func (c *chunk) isFull() bool {
	return len(c.heads)+len(c.rows) >= chunkSessions || len(c.packed) >= chunkBytes
}

// outlet shares sessions out among goroutines: all of a user, in their order, to the same.
type outlet struct {
	ctx     context.Context //nolint:containedctx // of the scan, which lasts as long
	workers []chan *chunk
	filling []*chunk // by worker
	buckets int32    // of the store
}

// waiting is how many chunks wait for a goroutine at most. The next block may be for another one.
const waiting = 4

func newOutlet(ctx context.Context, buckets int32) *outlet {
	o := &outlet{ctx: ctx, buckets: buckets}
	for range Workers() {
		o.workers, o.filling = append(o.workers, make(chan *chunk, waiting)), append(o.filling, &chunk{})
	}
	return o
}

// worker is which goroutine the users of a bucket are for.
func (o *outlet) worker(bucket int32) int { return int(bucket) % len(o.workers) }

// chunk is where the next session of a user goes.
func (o *outlet) chunk(user int32) (*chunk, error) {
	worker := o.worker(user % o.buckets)
	if c := o.filling[worker]; c.isFull() {
		if err := o.send(worker, c); err != nil {
			return nil, err
		}
		o.filling[worker] = &chunk{heads: make([]head, 0, len(c.heads)), packed: make([]byte, 0, len(c.packed))}
	}
	return o.filling[worker], nil
}

func (o *outlet) send(worker int, c *chunk) error {
	select {
	case o.workers[worker] <- c:
		return nil
	case <-o.ctx.Done():
		return context.Cause(o.ctx)
	}
}

// flush sends what is not full yet.
func (o *outlet) flush() error {
	for worker, c := range o.filling {
		o.filling[worker] = &chunk{}
		if err := o.send(worker, c); err != nil {
			return err
		}
	}
	return nil
}

// endBuckets sends what is not full yet, and that this was all of the buckets.
func (o *outlet) endBuckets() error {
	if err := o.flush(); err != nil {
		return err
	}
	for worker := range o.workers {
		if err := o.send(worker, &chunk{ends: true}); err != nil {
			return err
		}
	}
	return nil
}

func (o *outlet) close() {
	for _, chunks := range o.workers {
		close(chunks)
	}
}
