package columns

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/semaphore"
)

// ErrTooMuch is a question that needs more memory than there is for questions. Its text says what to do.
var ErrTooMuch = errors.New("this question, with those that are answered at the same time, needs more memory than there is for them; " +
	"ask for less time, fewer groups or a narrower filter")

// ErrBusy is that the time was over before a scan might begin. Its text says what to do.
var ErrBusy = errors.New("as many questions over all sessions are answered as may be at once, and none ended in time; " +
	"try again when fewer ask, or ask fewer queries at once")

// Budget bounds what all scans of a process take together: how many run at once, and the bytes that questions keep of what
// they read. The batches of a scan, some megabytes, come on top.
type Budget struct {
	scans *semaphore.Weighted
	slots int64 // of scans
	most  int64 // bytes
	kept  atomic.Int64
	begun atomic.Int64
}

// NewBudget allows some scans at once, and so many bytes for what all questions keep.
func NewBudget(scans, bytes int64) *Budget {
	return &Budget{scans: semaphore.NewWeighted(scans), slots: scans, most: bytes}
}

// Default is the budget of the process: a scan for each core, and 128 MB. Tests make it small.
var Default = NewBudget(int64(runtime.GOMAXPROCS(0)), 128<<20)

type aloneKey struct{}

// isAlone tells whether nobody else reads as long as the context lasts.
func isAlone(ctx context.Context) bool { return ctx.Value(aloneKey{}) != nil }

// Alone waits until no scan is read, and asks a question again that found too little memory beside others: none is read but its own
// meanwhile. Its errors are ErrBusy and those of ask.
func (b *Budget) Alone(ctx context.Context, ask func(context.Context) error) error {
	if err := b.scans.Acquire(ctx, b.slots); err != nil {
		return busy(err)
	}
	defer b.scans.Release(b.slots)
	return ask(context.WithValue(ctx, aloneKey{}, true))
}

// begin waits until a scan may begin; end is to be called after it.
func (b *Budget) begin(ctx context.Context) (end func(), err error) {
	end = func() {}
	if !isAlone(ctx) {
		if err := b.scans.Acquire(ctx, 1); err != nil {
			return nil, busy(err)
		}
		end = func() { b.scans.Release(1) }
	}
	b.begun.Add(1)
	return end, nil
}

// busy is ErrBusy, and what ended the waiting.
func busy(why error) error { return fmt.Errorf("%w: %w", ErrBusy, why) }

// Scans is how many have begun.
func (b *Budget) Scans() int64 { return b.begun.Load() }

// Kept is how many bytes questions keep now.
func (b *Budget) Kept() int64 { return b.kept.Load() }

// Room is what one question keeps, by several goroutines. In nil nothing is counted.
type Room struct {
	of   *Budget
	kept atomic.Int64
}

// Room is for one more question, which keeps nothing yet.
func (b *Budget) Room() *Room { return &Room{of: b} }

// take wants more bytes, or gives back as many as are below 0.
func (r *Room) take(bytes int64) error {
	if r.of.kept.Add(bytes) > r.of.most && bytes > 0 {
		r.of.kept.Add(-bytes)
		return ErrTooMuch
	}
	r.kept.Add(bytes)
	return nil
}

// Clear gives all back.
func (r *Room) Clear() { r.of.kept.Add(-r.kept.Swap(0)) }

// Keeper tells a room what one goroutine, or one list, keeps in it.
type Keeper struct {
	room *Room
	kept int64
}

// Keeper keeps nothing yet. It must not be used after the room was cleared.
func (r *Room) Keeper() *Keeper { return &Keeper{room: r} }

// keptAtOnce is in what steps room is taken.
const keptAtOnce = 64 << 10

// Keeps says that so many bytes are kept now, more or fewer than before. It returns ErrTooMuch where there is no room for them.
func (k *Keeper) Keeps(bytes int64) error {
	steps := (bytes + keptAtOnce - 1) / keptAtOnce * keptAtOnce
	if k.room == nil || steps == k.kept {
		return nil
	}
	if err := k.room.take(steps - k.kept); err != nil {
		return err
	}
	k.kept = steps
	return nil
}
