// Package crowd measures how long people wait for answers while events come in: some read dashboards, writers append events at
// a steady rate, and a worker rolls them up.
package crowd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/engine"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// Options of a run.
type Options struct {
	Data       data.Options // what the store has before
	Rate       int          // events a second
	People     int
	Pause      time.Duration // between two pages of a person, on average
	For        time.Duration
	Snapshot   time.Duration // how long somebody holds on to what they saw at first, again and again; 0: nobody does
	Questions  []question.Question
	Executable string    // the plugin's
	Dir        string    // for files and the server
	Out        io.Writer // for tables
}

// perPage is how many questions a page asks at once.
const perPage = 4

// run is one of Run.
type run struct {
	Options
	footfall *engine.Footfall
	pool     *pgxpool.Pool
	began    time.Time

	mutex  sync.Mutex
	waited map[string][]time.Duration // by question's name
	failed map[string]int             // by what was said
	most   counters
	taken  int64 // events rolled up
	sent   int64 // events appended
}

// Run fills a store, lets people, writers and a worker go on for a while, and prints tables. An answer that fails is counted, and
// makes the run fail at its end.
func Run(ctx context.Context, o Options) (err error) {
	footfall, events, end, err := engine.Alone(ctx, o.Dir, o.Executable, 0, o.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	r := &run{Options: o, footfall: footfall, waited: map[string][]time.Duration{}, failed: map[string]int{}}
	r.say("%d events, PostgreSQL %s\n", events, footfall.Store.Version)
	if r.pool, err = pgxpool.New(ctx, footfall.Store.DSN("postgres")); err != nil {
		return err
	}
	defer r.pool.Close()
	if err := r.footfall.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.footfall.Stop()) }()
	return r.goOn(ctx)
}

func (r *run) say(format string, args ...any) { _, _ = fmt.Fprintf(r.Out, format, args...) }

// goOn has everybody at work at the same time, and reports.
func (r *run) goOn(ctx context.Context) error {
	base := machine.PeakMemory(r.footfall.Process())
	before, err := r.look(ctx)
	if err != nil {
		return err
	}
	r.began = time.Now()
	r.footfall.Until = func() time.Time { return data.To.Add(time.Since(r.began)).Truncate(time.Second) }
	during, stop := context.WithTimeout(ctx, r.For)
	defer stop()
	var group errgroup.Group
	group.Go(func() error { return r.append(during) })
	group.Go(func() error {
		return rollup.Run(during, r.pool, rollup.Options{OnBatch: func(batch rollup.Report) {
			r.mutex.Lock()
			defer r.mutex.Unlock()
			r.taken += batch.Taken
		}})
	})
	group.Go(func() error { return r.watch(during) })
	group.Go(func() error { return r.weigh(during) })
	if r.Snapshot > 0 {
		group.Go(func() error { return r.holdSnapshots(during) })
	}
	for n := range r.People {
		random := rand.New(rand.NewPCG(r.Data.Seed, uint64(n))) //nolint:gosec // who reads what is no secret
		group.Go(func() error { r.read(during, ctx, random); return nil })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	after, err := r.look(ctx)
	if err != nil {
		return err
	}
	r.report(base, before, after)
	if len(r.failed) > 0 {
		return fmt.Errorf("some questions failed: %v", r.failed)
	}
	return nil
}

// append sends each second's events when its time has come.
func (r *run) append(ctx context.Context) error {
	second := 0
	for rows := range data.Live(r.Data, r.Rate) {
		second++
		if !sleep(ctx, time.Until(r.began.Add(time.Duration(second)*time.Second))) {
			return nil
		}
		if err := appendRows(ctx, r.pool, rows); err != nil {
			return unlessOver(ctx, err)
		}
		r.mutex.Lock()
		r.sent += int64(len(rows))
		r.mutex.Unlock()
	}
	return nil
}

// sleep tells whether there is time left after it.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// unlessOver returns an error that is not the run's end.
func unlessOver(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return nil
	}
	return err
}

// read opens pages as a person does: a few questions at once, a look at the answers, and the next. What was asked is waited for,
// also when the time is over.
func (r *run) read(during, ctx context.Context, random *rand.Rand) {
	for sleep(during, time.Duration(random.ExpFloat64()*float64(r.Pause))) {
		var page errgroup.Group
		for range perPage {
			q := r.Questions[random.IntN(len(r.Questions))]
			page.Go(func() error { r.ask(ctx, q); return nil })
		}
		_ = page.Wait() // failures are counted
	}
}

func (r *run) ask(ctx context.Context, q question.Question) {
	began := time.Now()
	_, err := r.footfall.Ask(ctx, q)
	took := time.Since(began)
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if err != nil {
		r.failed[q.ID+": "+err.Error()]++
		return
	}
	r.waited[q.Name] = append(r.waited[q.Name], took)
}
