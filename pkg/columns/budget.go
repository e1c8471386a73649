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
var ErrTooMuch = errors.New("this question needs more memory than there is; ask for less time, fewer groups or a narrower filter")

// Budget bounds what all scans of a process take together: how many run at once, and the bytes they hold.
type Budget struct {
	scans, bytes *semaphore.Weighted
	each         int64
}

// scanBytes is what the batches of one scan take at most, but for sessions longer than any should be.
const scanBytes = 8 << 20

// NewBudget allows some scans at once, and bytes for all of them together; each scan takes 8 MB for its batches.
func NewBudget(scans, bytes int64) *Budget {
	return &Budget{semaphore.NewWeighted(scans), semaphore.NewWeighted(bytes), min(scanBytes, bytes)}
}

// Default is the budget of the process: a scan for each core, and 128 MB.
var Default = NewBudget(int64(runtime.GOMAXPROCS(0)), 128<<20)

// Share is the part of a budget that one question has.
type Share struct {
	of    *Budget
	bytes atomic.Int64
}

// Begin waits until a scan may begin.
func (b *Budget) Begin(ctx context.Context) (*Share, error) {
	if err := b.scans.Acquire(ctx, 1); err != nil {
		return nil, fmt.Errorf("wait for other questions: %w", err)
	}
	if err := b.bytes.Acquire(ctx, b.each); err != nil {
		b.scans.Release(1)
		return nil, fmt.Errorf("wait for other questions: %w", err)
	}
	s := &Share{of: b}
	s.bytes.Store(b.each)
	return s, nil
}

// Take wants more bytes, for what a question collects; ErrTooMuch where there are none left.
func (s *Share) Take(bytes int64) error {
	if !s.of.bytes.TryAcquire(bytes) {
		return ErrTooMuch
	}
	s.bytes.Add(bytes)
	return nil
}

// End gives all back.
func (s *Share) End() {
	s.of.bytes.Release(s.bytes.Swap(0))
	s.of.scans.Release(1)
}
