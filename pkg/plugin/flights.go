package plugin

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/querycapture"
	"github.com/grafana/grafana-plugin-sdk-go/data"

	"github.com/footfall-analytics/footfall/pkg/filter"
	"github.com/footfall-analytics/footfall/pkg/query"
)

// flights are the questions of a data source that are being answered: who asks the same meanwhile gets the same answer, since a
// dashboard that many open reads all sessions for each of them otherwise.
type flights struct {
	mu  sync.Mutex
	all map[string]*flight // by what is asked
}

// flight is a question on its way.
type flight struct {
	key     string
	waiting int                // how many wish for the answer still
	cancel  context.CancelFunc // for when none does
	done    chan struct{}      // closed when what follows is there
	frames  data.Frames
	err     error
}

// errLost is of an answer that never came, because of a bug: whoever made it says more.
var errLost = errors.New("the answer that another one waited for was lost")

// key tells apart what is asked; "" where the answer is not to be shared. It does not say of whom the question is: those who may
// not see e-mails have answers of their own. An answer from before a change by this data source is not the one from after.
func (d *Datasource) key(ctx context.Context, q backend.DataQuery, question query.Question, asked query.Context) string {
	if _, recorded := querycapture.RecorderFromContext(ctx); recorded {
		return "" // who looks at the statements wants to see them run
	}
	key, err := json.Marshal(struct {
		Type       string
		Options    query.Question
		Conditions []filter.Condition
		From, To   time.Time
		Interval   time.Duration
		MaxRows    int
		Location   string
		HideEmails bool
		Changes    int64
	}{
		q.QueryType, question, asked.Conditions, asked.From, asked.To, asked.Interval, asked.MaxRows, asked.Location.String(),
		asked.HideEmails, d.changes.Load(),
	})
	if err != nil {
		return ""
	}
	return string(key)
}

// share answers a question, or waits for who answers the same already. What it returns may be changed, but for its fields.
func (f *flights) share(ctx context.Context, key string, answer func(context.Context) (data.Frames, error)) (data.Frames, error) {
	if key == "" {
		return answer(ctx)
	}
	f.mu.Lock()
	one, flies := f.all[key]
	if flies {
		one.waiting++
		f.mu.Unlock()
		return f.wait(ctx, one)
	}
	own, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if deadline, has := ctx.Deadline(); has {
		own, cancel = context.WithDeadline(context.WithoutCancel(ctx), deadline)
	}
	one = &flight{key: key, waiting: 1, cancel: cancel, done: make(chan struct{}), err: errLost}
	f.all[key] = one
	f.mu.Unlock()
	defer cancel()
	stop := context.AfterFunc(ctx, func() { f.leave(ctx, one) })
	defer stop()
	defer func() {
		f.mu.Lock()
		f.land(one)
		f.mu.Unlock()
		close(one.done)
	}()
	one.frames, one.err = answer(own)
	return copied(one.frames), one.err
}

// wait is for an answer that somebody else makes. It counts as one of the request's that waits.
func (f *flights) wait(ctx context.Context, one *flight) (data.Frames, error) {
	r := requestOf(ctx)
	if r.isFull() {
		f.leave(ctx, one)
		return nil, errTooMuch
	}
	select {
	case <-ctx.Done():
		f.leave(ctx, one)
		return nil, ctx.Err()
	case <-one.done:
		frames := copied(one.frames)
		r.hold(sizeOf(frames))
		return frames, one.err
	}
}

// leave is of somebody who wishes for the answer no more. A deadline, which the flight has too, ends it by itself.
func (f *flights) leave(ctx context.Context, one *flight) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if one.waiting--; one.waiting == 0 && !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		one.cancel()
		f.land(one)
	}
}

// land lets nobody join any more. The lock must be held.
func (f *flights) land(one *flight) {
	if f.all[one.key] == one {
		delete(f.all, one.key)
	}
}

// copied are frames with the same fields: what answers are sent by gives them names.
func copied(frames data.Frames) data.Frames {
	if frames == nil {
		return nil
	}
	list := make(data.Frames, len(frames))
	for i, frame := range frames {
		one := *frame
		if frame.Meta != nil {
			meta := *frame.Meta
			one.Meta = &meta
		}
		list[i] = &one
	}
	return list
}
