package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"
)

const (
	// maxPreviews is how many run at once per data source, where it has connections enough: at most half of them.
	maxPreviews    = 4
	previewTimeout = 10 * time.Second
	previewWait    = 5 * time.Second
)

// previews decides which previews run: people make many while they build a segment, and only want the last one.
type previews struct {
	slots   chan struct{}
	wait    time.Duration // for a slot
	timeout time.Duration // of one that has a slot

	mu     sync.Mutex
	newest map[previewer]*previewTurn
}

// previewer is who asks: a person, on one page. Those whom Grafana gives no login are one person.
type previewer struct{ login, view string }

type previewTurn struct {
	cancel context.CancelCauseFunc
	ended  chan struct{}
}

func newPreviews(connections int) *previews {
	return &previews{
		slots: make(chan struct{}, max(1, min(maxPreviews, connections/2))), wait: previewWait, timeout: previewTimeout,
		newest: map[previewer]*previewTurn{},
	}
}

// errReplaced answers a preview whose page has asked for another one since.
var errReplaced = errors.New("this preview was stopped, since the same person has asked for a newer one")

// begin stops the older preview of the same page, waits for its end, and then for a slot. The context it returns ends
// when a newer one comes. Without an error end must be called.
func (p *previews) begin(ctx context.Context, of previewer) (_ context.Context, end func(), err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	mine := &previewTurn{cancel, make(chan struct{})}
	p.mu.Lock()
	older := p.newest[of]
	p.newest[of] = mine
	p.mu.Unlock()
	if older != nil {
		older.cancel(errReplaced)
		<-older.ended // soon: whatever it waits for, it has been cancelled
	}
	if err := p.takeSlot(ctx); err != nil {
		p.end(of, mine)
		return nil, nil, err
	}
	return ctx, func() {
		<-p.slots
		p.end(of, mine)
	}, nil
}

func (p *previews) end(of previewer, turn *previewTurn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	turn.cancel(nil)
	close(turn.ended)
	if p.newest[of] == turn {
		delete(p.newest, of)
	}
}

func (p *previews) takeSlot(ctx context.Context) error {
	if ctx.Err() != nil { // while the older one ended
		return context.Cause(ctx)
	}
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return resourceProblem{status: http.StatusTooManyRequests, Message: fmt.Sprintf(
			"Busy: others compute %d previews, which is the most at once, and none ended within %v. Try again when fewer ask",
			cap(p.slots), p.wait)}
	}
}
