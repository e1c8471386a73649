package plugin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
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
	most    int           // at once; those of one person: one less
	wait    time.Duration // for a slot
	timeout time.Duration // of one that has a slot

	mu      sync.Mutex
	newest  map[previewer]*previewTurn
	running map[string]int // by login
	waiting []*waitingPreview
}

// waitingPreview waits for a slot. Others of its person may have to end first.
type waitingPreview struct {
	login string
	told  chan struct{} // closed when it has a slot
}

// previewer is who asks: a person, on one page. Those whom Grafana gives no login are one person.
type previewer struct{ login, view string }

type previewTurn struct {
	cancel context.CancelCauseFunc
	ended  chan struct{}
}

func newPreviews(connections int) *previews {
	return &previews{
		most: max(1, min(maxPreviews, connections/2)), wait: previewWait, timeout: previewTimeout,
		newest: map[previewer]*previewTurn{}, running: map[string]int{},
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
	if err := p.takeSlot(ctx, of.login); err != nil {
		p.end(of, mine)
		return nil, nil, err
	}
	return ctx, func() {
		p.giveSlot(of.login)
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

// takeSlot waits in the order that previews came in, but nobody waits for a person who has as many as one may.
func (p *previews) takeSlot(ctx context.Context, login string) error {
	if ctx.Err() != nil { // while the older one ended
		return context.Cause(ctx)
	}
	mine := &waitingPreview{login, make(chan struct{})}
	p.mu.Lock()
	p.waiting = append(p.waiting, mine)
	p.next()
	p.mu.Unlock()
	timer := time.NewTimer(p.wait)
	defer timer.Stop()
	select {
	case <-mine.told:
		return nil
	case <-ctx.Done():
		return p.leave(mine, context.Cause(ctx))
	case <-timer.C:
		return p.leave(mine, resourceProblem{status: http.StatusTooManyRequests, Message: fmt.Sprintf(
			"Busy: as many previews are computed as may be at once, %d, and %d of one person, and none ended within %v. "+
				"Try again when fewer ask", p.most, p.own(), p.wait)})
	}
}

// leave gives up waiting, for a reason; nil if a slot came meanwhile.
func (p *previews) leave(waiting *waitingPreview, reason error) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-waiting.told:
		return nil
	default:
	}
	p.waiting = slices.DeleteFunc(p.waiting, func(w *waitingPreview) bool { return w == waiting })
	return reason
}

func (p *previews) giveSlot(login string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running[login]--; p.running[login] == 0 {
		delete(p.running, login)
	}
	p.next()
}

// own is how many a person may have at once: one slot at least is left to others where there are several.
func (p *previews) own() int { return max(1, p.most-1) }

// next gives the slots that are free to those who wait. The lock must be held.
func (p *previews) next() {
	taken := 0
	for _, n := range p.running {
		taken += n
	}
	for ; taken < p.most; taken++ {
		i := slices.IndexFunc(p.waiting, func(w *waitingPreview) bool { return p.running[w.login] < p.own() })
		if i < 0 {
			return
		}
		p.running[p.waiting[i].login]++
		close(p.waiting[i].told)
		p.waiting = slices.Delete(p.waiting, i, i+1)
	}
}
