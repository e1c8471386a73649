package columns

import "context"

// chunk is some sessions on their way to a goroutine: packed, or rows that are not packed yet.
type chunk struct {
	heads  []head
	packed []byte
	rows   []Session
}

type head struct {
	Ref
	start int64
	end   int // of its bytes
}

// Sessions and bytes of a chunk. It ends with the session that reaches one of these.
const (
	chunkSessions = 512
	chunkBytes    = 1 << 16
)

func (c *chunk) isFull() bool { return len(c.heads) >= chunkSessions || len(c.packed) >= chunkBytes }

// outlet shares sessions out among goroutines: all of a user, in their order, to the same.
type outlet struct {
	ctx     context.Context //nolint:containedctx // of the scan, which lasts as long
	workers []chan *chunk
	filling []*chunk // by worker
}

func newOutlet(ctx context.Context) *outlet {
	o := &outlet{ctx: ctx}
	for range Workers() {
		o.workers, o.filling = append(o.workers, make(chan *chunk, 2)), append(o.filling, &chunk{})
	}
	return o
}

// chunk is where the next session of a user goes.
func (o *outlet) chunk(user int32) (*chunk, error) {
	worker := int(user) % len(o.workers)
	if c := o.filling[worker]; c.isFull() {
		if err := o.send(worker); err != nil {
			return nil, err
		}
		o.filling[worker] = &chunk{heads: make([]head, 0, len(c.heads)), packed: make([]byte, 0, len(c.packed))}
	}
	return o.filling[worker], nil
}

func (o *outlet) send(worker int) error {
	select {
	case o.workers[worker] <- o.filling[worker]:
		return nil
	case <-o.ctx.Done():
		return context.Cause(o.ctx)
	}
}

// flush sends what is not full yet.
func (o *outlet) flush() error {
	for worker := range o.workers {
		if err := o.send(worker); err != nil {
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
