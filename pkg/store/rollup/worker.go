// Package rollup is the worker: it takes events from the inbox and keeps events, sessions and profiles exact.
//
// A batch is one transaction: it removes rows from the inbox, computes what they change in memory, and writes it. So a
// crash at any point leaves the rows in the inbox, and nothing can count twice. One worker rolls up at a time, held
// apart by an advisory lock of the transaction, which connection poolers allow.
package rollup

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/event"
)

// Report tells what a run of the worker did.
type Report struct {
	Batches    int           `json:"batches"`
	Taken      int64         `json:"taken"` // rows taken from the inbox
	Events     int64         `json:"events"`
	Duplicates int64         `json:"duplicates"` // conflicts among them
	Conflicts  int64         `json:"conflicts"`
	Rejected   int64         `json:"rejected"`
	LeftOut    int64         `json:"left_out"` // values left out of the events or cut
	Took       time.Duration `json:"took_ns"`
}

func (r *Report) add(other Report) {
	r.Batches += other.Batches
	r.Taken += other.Taken
	r.Events += other.Events
	r.Duplicates += other.Duplicates
	r.Conflicts += other.Conflicts
	r.Rejected += other.Rejected
	r.LeftOut += other.LeftOut
	r.Took += other.Took
}

// Options of a worker; zero values mean the defaults.
type Options struct {
	BatchSize int                  // rows a transaction takes, default 20,000
	Poll      time.Duration        // pause when the inbox is empty, default 1 s
	MaxPause  time.Duration        // longest pause between tries after errors, default 5 s
	Silence   time.Duration        // after which the server ends a batch whose worker is not heard any more, default 1 min
	Host      string               // shown in status, default the machine's name where the caller knows it
	OnBatch   func(Report)         // called after each batch with that batch's report
	OnError   func(error)          // called for each error that is retried
	OnRemoved func(Removed)        // called when retention has removed something
	Logf      func(string, ...any) // told about retries and errors
}

const (
	defaultBatchSize = 20_000
	defaultPoll      = time.Second
	heartbeatEvery   = 5 * time.Second
	defaultSilence   = time.Minute
	defaultMaxPause  = 5 * time.Second
	shrinkEvery      = 10 * time.Minute
)

// errBusy: another worker is at work.
var errBusy = errors.New("another worker is at work")

// Drain rolls up until the inbox is empty and returns the sum. While another worker is at work it waits.
func Drain(ctx context.Context, pool *pgxpool.Pool, opts Options) (Report, error) {
	w := newWorker(pool, opts)
	defer w.beating(ctx)()
	var sum Report
	for {
		report, err := w.step(ctx)
		switch {
		case errors.Is(err, errBusy):
			if err := sleep(ctx, w.opts.Poll/10); err != nil {
				return sum, err
			}
		case err != nil:
			return sum, err
		case report.Batches == 0:
			if more, err := w.upkeep(ctx); more || errors.Is(err, errBusy) {
				continue
			} else if err != nil {
				return sum, err
			}
			w.shrink(ctx)
			return sum, nil
		default:
			sum.add(report)
		}
	}
}

// Run rolls up until ctx ends, and applies retention; errors are recorded in footfall.worker and retried, but for those
// that only people can mend, which it returns.
func Run(ctx context.Context, pool *pgxpool.Pool, opts Options) error {
	w := newWorker(pool, opts)
	defer w.beating(ctx)()
	var retention sync.WaitGroup
	defer retention.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	retention.Go(func() { w.retain(ctx) })
	pause := w.opts.Poll
	for ctx.Err() == nil {
		more := false
		report, err := w.step(ctx)
		if err == nil {
			more, err = w.upkeep(ctx)
		}
		switch {
		case errors.Is(err, errBroken):
			w.failed(ctx, err)
			return err
		case err != nil && !errors.Is(err, errBusy) && ctx.Err() == nil:
			w.opts.Logf("%v; trying again in %s", err, pause)
			w.failed(ctx, err)
			_ = sleep(ctx, pause)
			pause = min(pause*2, w.opts.MaxPause)
			continue
		case err == nil && (report.Batches > 0 || more):
			pause = w.opts.Poll
			continue
		case err == nil:
			w.idle(ctx)
		}
		pause = w.opts.Poll
		_ = sleep(ctx, w.opts.Poll)
	}
	return nil
}

// upkeep looks once whether what is computed is whole. It packs a piece of what stood in the store before sessions were packed, or
// seals some of the tail, or packs attributes of a block, and tells whether there is more to do.
func (w *worker) upkeep(ctx context.Context) (more bool, err error) {
	if !w.complete {
		if err := w.lookForTotals(ctx); err != nil {
			return false, err
		}
		if err := w.lookForLost(ctx); err != nil {
			return false, err
		}
	}
	switch {
	case w.behind:
		err = w.buildPiece(ctx)
		return w.behind && err == nil, err
	case w.seals:
		if more, err = w.sealPieces(ctx); more || err != nil {
			return more, err
		}
	}
	if w.head != "" {
		return w.packValues(ctx)
	}
	return false, nil
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

type worker struct {
	pool     *pgxpool.Pool
	opts     Options
	memory   *memory
	inbox    inbox
	size     int // rows the next batch takes
	heart    *heart
	looked   time.Time // when idle last looked after the inbox
	shrunk   time.Time // when the tail was last written anew
	queues   bool      // for the lock, instead of trying now and then
	builder  builder
	complete bool            // nothing that is packed was missing when this worker looked
	behind   bool            // some sessions were not packed yet when the last transaction began
	seals    bool            // the tail is bounded
	head     string          // the first line of tail.said for the attributes of events that are packed; "" for none
	said     string          // the one that all of the tail had when this worker looked
	tail     map[int16]int64 // sessions in each bucket of the tail, as last counted; nil: since then a batch came
}

func newWorker(pool *pgxpool.Pool, opts Options) *worker {
	if opts.BatchSize <= 0 {
		opts.BatchSize = defaultBatchSize
	}
	if opts.Poll <= 0 {
		opts.Poll = defaultPoll
	}
	if opts.MaxPause <= 0 {
		opts.MaxPause = defaultMaxPause
	}
	if opts.Silence <= 0 {
		opts.Silence = defaultSilence
	}
	if opts.OnBatch == nil {
		opts.OnBatch = func(Report) {}
	}
	if opts.OnError == nil {
		opts.OnError = func(error) {}
	}
	if opts.OnRemoved == nil {
		opts.OnRemoved = func(Removed) {}
	}
	if opts.Logf == nil {
		opts.Logf = func(string, ...any) {}
	}
	return &worker{pool: pool, opts: opts, memory: newMemory(), size: opts.BatchSize, heart: newHeart()}
}

// step rolls up one batch. A row that the database refuses in spite of all checks is found by halving the batch, and
// rejected; whatever else goes wrong says nothing about the rows and is returned.
func (w *worker) step(ctx context.Context) (Report, error) {
	for {
		report, err := w.batch(ctx, nil)
		if err == nil {
			w.size = min(w.size*2, w.opts.BatchSize)
			if report.Batches > 0 {
				w.tail = nil
			}
			w.opts.OnBatch(report)
			return report, nil
		}
		if errors.Is(err, errBusy) {
			return Report{}, err
		}
		w.memory = newMemory() // it knows ids that were never committed
		w.inbox = inbox{}      // the rows are there still
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || !isDataError(refused) {
			return Report{}, explainBroken(err)
		}
		if w.size == 1 {
			report, err := w.batch(ctx, refused)
			if err != nil {
				w.memory, w.inbox = newMemory(), inbox{}
				return Report{}, err
			}
			w.opts.OnBatch(report)
			return report, nil
		}
		w.opts.Logf("%v; looking for the row in half of the batch", err)
		w.size /= 2
	}
}

// batch rolls up at most w.size rows in one transaction. With refused given it rejects them for that reason instead.
func (w *worker) batch(ctx context.Context, refused *pgconn.PgError) (Report, error) {
	return w.transaction(ctx, func(b *batch) error {
		rows, err := w.inbox.take(ctx, b.tx, w.size)
		if err != nil || len(rows) == 0 {
			b.nothing = true
			return err
		}
		b.report.Batches, b.report.Taken = 1, int64(len(rows))
		if refused != nil {
			return b.refuse(ctx, rows, refused)
		}
		return b.roll(ctx, rows)
	})
}

// transaction runs work under the worker's lock, with memory and settings up to date, and writes what it counted, unless it changed
// nothing.
func (w *worker) transaction(ctx context.Context, work func(*batch) error) (report Report, err error) {
	started := time.Now()
	defer func() {
		if errors.Is(err, errBusy) {
			w.heart.set(store.DoingWait, 0)
		} else {
			w.heart.set(store.DoingNothing, 0)
		}
	}()
	err = pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		b := newBatch(tx, w.memory, started)
		if err := w.begin(ctx, b); err != nil {
			return err
		}
		if err := work(b); err != nil || b.nothing {
			return err
		}
		b.report.Took = time.Since(started)
		report = b.report
		return w.finish(ctx, b)
	})
	if err != nil {
		return Report{}, err
	}
	return report, nil
}

// snapshot runs a function that reads one state of the store, without the lock.
func (w *worker) snapshot(ctx context.Context, read func(pgx.Tx) error) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	return pgx.BeginTxFunc(ctx, w.pool, options, func(tx pgx.Tx) error {
		if err := store.CheckVersion(ctx, tx); err != nil {
			return err
		}
		return read(tx)
	})
}

func (b *batch) refuse(ctx context.Context, rows []event.Row, refused *pgconn.PgError) error {
	why := &event.Rejection{Field: refused.ColumnName, Reason: "Postgres refused it: " + refused.Message}
	for i := range rows {
		b.rejections = append(b.rejections, reject(&rows[i], why, refused.Code))
		b.imports.of(rows[i].Import).Rejected++
	}
	b.report.Rejected = int64(len(rows))
	if err := b.writeImports(ctx); err != nil {
		return err
	}
	return writeRejections(ctx, b.tx, b.rejections)
}

// begin takes the lock and brings memory and settings up to date.
func (w *worker) begin(ctx context.Context, b *batch) error {
	if w.queues {
		if err := queue(ctx, b.tx); err != nil {
			return err
		}
	}
	pid, err := lock(ctx, b.tx, w.opts.Silence)
	if err != nil {
		return err
	}
	w.heart.set(store.DoingBatch, pid)
	var epoch int64
	var last lastIDs
	if err := b.tx.QueryRow(ctx, `
		select epoch, dictionary_id, token_id, context_id, traits_id, user_key from footfall.worker for update`).Scan(
		&epoch, &last.Text, &last.Token, &last.Context, &last.Traits, &last.User); err != nil {
		return fmt.Errorf("read the worker's state: %w", err)
	}
	if err := b.readSettings(ctx); err != nil {
		return err
	}
	w.behind, w.seals, w.head = !b.settings.built(), b.settings.tailSessions != nil, b.settings.saidHead()
	if w.memory.epoch != epoch || w.memory.limits != b.settings.limits {
		w.memory = newMemory()
		w.memory.epoch, w.memory.limits = epoch, b.settings.limits
		b.memory = w.memory
	}
	if err := b.memory.catchUp(ctx, b.tx); err != nil {
		return err
	}
	// Ids of rows that are gone stay used.
	b.memory.last, b.began = last, last
	return nil
}

// finish writes what the batch says of itself.
func (w *worker) finish(ctx context.Context, b *batch) error {
	if err := changed(ctx, b.tx); err != nil {
		return err
	}
	if b.report == (Report{Took: b.report.Took}) && b.totals == (totals{}) && b.memory.last == b.began {
		return nil
	}
	last := b.memory.last
	_, err := b.tx.Exec(ctx, `
		update footfall.worker
		   set last_batch = clock_timestamp(), last_event_of_nobody = greatest(last_event_of_nobody, @nobody),
		       last_batch_ms = @took, last_batch_rows = @taken, batches = batches + @batches,
		       events = events + @events, sessions = sessions + @sessions, users = users + @users,
		       anonymous = anonymous + @anonymous, duplicates = duplicates + @duplicates,
		       conflicts = conflicts + @conflicts, rejected = rejected + @rejected,
		       dictionary_id = @text_id, token_id = @token_id, context_id = @context_id, traits_id = @traits_id,
		       user_key = @user_key`,
		pgx.StrictNamedArgs{
			"nobody": b.newestOfNobody(), "took": float64(b.report.Took) / float64(time.Millisecond), "taken": b.report.Taken,
			"batches": b.report.Batches,
			"events":  b.report.Events, "sessions": b.totals.Sessions, "users": b.totals.Users,
			"anonymous": b.totals.Anonymous, "duplicates": b.report.Duplicates, "conflicts": b.report.Conflicts,
			"rejected": b.report.Rejected, "text_id": last.Text, "token_id": last.Token, "context_id": last.Context,
			"traits_id": last.Traits, "user_key": last.User,
		})
	if err != nil {
		return fmt.Errorf("write the worker's state: %w", err)
	}
	return nil
}

// idle is called while nothing is to do.
func (w *worker) idle(ctx context.Context) {
	if time.Since(w.looked) < heartbeatEvery {
		return
	}
	w.looked = time.Now()
	w.said = "" // an attribute may have been unpacked and packed again
	w.shrink(ctx)
}

// shrink gives the space of an empty inbox back. Where it fails, somebody writes or reads it, and there is another time.
func (w *worker) shrink(ctx context.Context) {
	_ = pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error { return shrink(ctx, tx) })
	if err := w.shrinkTail(ctx); err != nil && ctx.Err() == nil {
		w.opts.Logf("%v", err)
	}
}

// failed tells of an error.
func (w *worker) failed(ctx context.Context, failure error) {
	w.opts.OnError(failure)
	_, err := w.pool.Exec(ctx, `update footfall.worker set last_error = $1, last_error_at = clock_timestamp()`, failure.Error())
	if err != nil {
		w.opts.Logf("the error could not be recorded: %v", err)
	}
}
