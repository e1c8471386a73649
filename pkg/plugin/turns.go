package plugin

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/query"
)

// maxHeld is what answers may take in memory until their requests are complete, in bytes.
const maxHeld = 128 << 20

// answering bounds what answers take of the process's memory, whatever the number of queries, requests and data sources.
// One data source leaves at least one turn to others: its database may not answer for a minute. There are as many as a dashboard asks
// at once, roughly: those that read the same sessions are read together.
var answering = newTurns(max(12, runtime.NumCPU()), maxHeld)

// turns decides who may answer now. Questions wait in the order they came in, those over many in a line of their own: they leave some
// turns to the others.
type turns struct {
	most    int   // questions at once; those of one data source: one less
	maxHeld int64 // bytes

	mu      sync.Mutex
	running map[*Datasource]taken
	holders []*request // requests with complete answers, the oldest first
	waiting []waiter
}

// request is one of Grafana's, whose answers are kept until the last one is complete.
type request struct {
	turns *turns
	of    *Datasource
	held  int64 // bytes

	shared query.Shared
}

// taken are how many questions are being answered, and how many of these are over many.
type taken struct{ all, overMany int }

func (t taken) with(overMany bool, by int) taken {
	if t.all += by; overMany {
		t.overMany += by
	}
	return t
}

type waiter struct {
	request  *request
	overMany bool
	told     chan error
}

func newTurns(most int, maxHeld int64) *turns {
	return &turns{most: most, maxHeld: maxHeld, running: map[*Datasource]taken{}}
}

func (t *turns) begin(of *Datasource) *request { return &request{turns: t, of: of} }

// take waits for a turn, at most as long as the context lasts, for a question that may be over many. Its errors are a busyError and
// errTooMuch.
func (r *request) take(ctx context.Context, overMany bool) error {
	t := r.turns
	if err := ctx.Err(); err != nil { // others of the request took all the time
		return busyError{err, t.most, ofTurns}
	}
	w := waiter{r, overMany, make(chan error, 1)}
	t.mu.Lock()
	t.waiting = append(t.waiting, w)
	t.next()
	t.mu.Unlock()
	select {
	case err := <-w.told:
		return err
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waiting = slices.DeleteFunc(t.waiting, func(other waiter) bool { return other == w })
	select {
	case err := <-w.told: // meanwhile
		return err
	default:
		return busyError{ctx.Err(), t.most, ofTurns}
	}
}

// give gives back what take has taken; bytes is what the answer takes.
func (r *request) give(overMany bool, bytes int64) {
	t := r.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running[r.of] = t.running[r.of].with(overMany, -1); t.running[r.of].all == 0 {
		delete(t.running, r.of)
	}
	r.add(bytes)
}

// hold keeps an answer that took no turn of the request.
func (r *request) hold(bytes int64) {
	r.turns.mu.Lock()
	defer r.turns.mu.Unlock()
	r.add(bytes)
}

// add keeps an answer. The lock must be held.
func (r *request) add(bytes int64) {
	if r.held == 0 && bytes > 0 {
		r.turns.holders = append(r.turns.holders, r)
	}
	r.held += bytes
	r.turns.next()
}

// isFull tells whether the request's answers fill the memory alone.
func (r *request) isFull() bool {
	r.turns.mu.Lock()
	defer r.turns.mu.Unlock()
	return r.held >= r.turns.maxHeld
}

// end lets go of the answers.
func (r *request) end() {
	t := r.turns
	t.mu.Lock()
	defer t.mu.Unlock()
	t.holders = slices.DeleteFunc(t.holders, func(other *request) bool { return other == r })
	t.next()
}

// next tells those whose turn it is. Where answers fill the memory, the oldest request may go on: the others wait for
// its end. One that fills it alone is refused the rest.
func (t *turns) next() {
	t.waiting = slices.DeleteFunc(t.waiting, func(w waiter) bool {
		if w.request.held >= t.maxHeld {
			w.told <- errTooMuch
			return true
		}
		if !t.mayRun(w) {
			return false
		}
		t.running[w.request.of] = t.running[w.request.of].with(w.overMany, 1)
		w.told <- nil
		return true
	})
}

func (t *turns) mayRun(w waiter) bool {
	var all taken
	for _, of := range t.running {
		all.all, all.overMany = all.all+of.all, all.overMany+of.overMany
	}
	r, here := w.request, t.running[w.request.of]
	most, mostHere := t.most, min(t.most-1, r.of.atOnce())
	if w.overMany && (all.overMany >= most-left(most) || here.overMany >= mostHere-left(mostHere)) {
		return false
	}
	var held int64
	for _, holder := range t.holders {
		held += holder.held
	}
	return all.all < most && here.all < mostHere && (held < t.maxHeld || r == t.holders[0])
}

// left is how many of some turns questions over many leave to others, which are answered in a moment and would wait for seconds: a
// quarter.
func left(turns int) int { return turns / 4 }

// atOnce is how many questions may be answered at once. They leave a fifth of the connections to suggestions and previews.
func (d *Datasource) atOnce() int { return d.settings.MaxOpenConns - d.settings.MaxOpenConns/5 }

var errTooMuch = errors.New("the answers to one request are too large together")

// explainTooMuch says why a question was not answered after others of its request.
func explainTooMuch(err error, _ names) (problem, bool) {
	return problem{
		what:   fmt.Sprintf("The other answers to this request take more than %d MB already", maxHeld>>20),
		advice: "Ask fewer queries at once, or each for less: fewer rows, steps or nodes",
		status: backend.StatusBadRequest,
	}, errors.Is(err, errTooMuch)
}

// sizeOf estimates what frames take in memory, in bytes.
func sizeOf(frames data.Frames) int64 {
	const value, pointer = 16, 8 // a text without its letters is the largest one
	var size int64
	for _, frame := range frames {
		for _, field := range frame.Fields {
			size += int64(field.Len()) * (value + pointer)
			switch field.Type() {
			case data.FieldTypeString, data.FieldTypeNullableString:
				for i := range field.Len() {
					if text, ok := field.ConcreteAt(i); ok {
						size += int64(len(text.(string)))
					}
				}
			}
		}
	}
	return size
}

type requestKey struct{}

// requestOf is the one that QueryData has begun.
func requestOf(ctx context.Context) *request { return ctx.Value(requestKey{}).(*request) }

// inTurn answers when it is the turn of a question, which may be over many, in the request that QueryData has begun.
func inTurn(ctx context.Context, overMany bool, answer func() (data.Frames, error)) (frames data.Frames, err error) {
	r := requestOf(ctx)
	if err := r.take(ctx, overMany); err != nil {
		return nil, err
	}
	defer func() { r.give(overMany, sizeOf(frames)) }()
	return answer()
}
