package rollup

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"github.com/footfall-analytics/footfall/pkg/store"
)

// heart is what a worker says of itself, beside its batches and on another connection: a batch may take minutes.
type heart struct {
	id    [16]byte
	waits chan struct{} // is told when the worker begins to wait
	mutex sync.Mutex
	doing string
	since time.Time
	pid   int32
}

func newHeart() *heart {
	return &heart{waits: make(chan struct{}, 1), doing: store.DoingNothing, since: time.Now()}
}

// set notes what the worker does from now on; pid is that of the server's process a batch runs in.
func (h *heart) set(doing string, pid int32) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if doing == store.DoingWait {
		if h.doing == doing {
			return // since it began to
		}
		select {
		case h.waits <- struct{}{}:
		default:
		}
	}
	h.doing, h.since, h.pid = doing, time.Now(), pid
}

// beating shows that the worker is there, every few seconds until the function it returns is called.
func (w *worker) beating(ctx context.Context) (stop func()) {
	_, _ = rand.Read(w.heart.id[:]) // it never fails
	sleeping, cancel := context.WithCancel(ctx)
	ctx = context.WithoutCancel(ctx) // cancelling a statement costs its connection
	var done sync.WaitGroup
	done.Go(func() {
		var told store.LockHolder
		for sleeping.Err() == nil {
			w.beat(ctx)
			w.tellHolder(ctx, &told)
			select {
			case <-sleeping.Done():
			case <-w.heart.waits:
			case <-time.After(heartbeatEvery):
			}
		}
	})
	return func() {
		cancel()
		done.Wait()
		w.heart.set(store.DoingEnded, 0)
		w.beat(ctx)
	}
}

// Rows of workers that have ended, or were killed long ago, go when the next one begins; another that removes them too
// is not waited for.
const beatSQL = `
with gone as (
  delete from footfall.workers
   where id in (select id from footfall.workers
                 where id <> $1 and (doing = 'ended' or heartbeat < clock_timestamp() - interval '1 day')
                   for update skip locked)
)
insert into footfall.workers (id, host, doing, since, pid)
values ($1, $2, $3, clock_timestamp() - make_interval(secs => $4), nullif($5, 0))
    on conflict (id) do update
   set heartbeat = excluded.heartbeat, doing = excluded.doing, since = excluded.since, pid = excluded.pid`

// beat writes what the worker does. Where that fails the worker meets the same error, and tells.
func (w *worker) beat(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, heartbeatEvery)
	defer cancel()
	h := w.heart
	h.mutex.Lock()
	args := []any{h.id, w.opts.Host, h.doing, time.Since(h.since).Seconds(), h.pid}
	h.mutex.Unlock()
	_, _ = w.pool.Exec(ctx, beatSQL, args...)
}

// longWait is from when on a worker says for whom it waits: batches of another one end sooner.
const longWait = time.Minute

// tellHolder logs who has the lock that this worker has been waiting for long, once for each holder.
func (w *worker) tellHolder(ctx context.Context, told *store.LockHolder) {
	w.heart.mutex.Lock()
	waits := w.heart.doing == store.DoingWait && time.Since(w.heart.since) >= min(longWait, w.opts.Silence)
	w.heart.mutex.Unlock()
	if !waits {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, heartbeatEvery)
	defer cancel()
	holder, err := store.ReadLockHolder(ctx, w.pool)
	if err != nil || holder == nil || holder.PID == told.PID {
		return
	}
	*told = *holder
	w.opts.Logf("waiting for the worker's lock, which %s has", holder)
}
