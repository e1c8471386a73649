package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/segment"
	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type workCommand struct {
	Once      bool   `help:"Roll up what is in the inbox now, compute the segments that are due, print a report and end."`
	BatchSize int    `default:"20000" placeholder:"ROWS" help:"Rows that one transaction takes (${default})."`
	Metrics   string `placeholder:"HOST:PORT" help:"Serve Prometheus metrics there, under /metrics."`
	JSON      bool   `help:"With --once: print the report as JSON."`
}

func (workCommand) Help() string {
	return `Runs until it is stopped (Ctrl-C, SIGTERM); it may be stopped, or killed, at any point. Several may run: one at a time works, the others wait. Segments are computed when they are due. Once an hour it applies the retention that footfall.settings asks for.

Examples:
  footfall work
  footfall work --metrics 127.0.0.1:9187
  footfall work --once
  footfall work --once --json`
}

func (c *workCommand) Validate() error {
	if c.BatchSize < 1 {
		return errors.New("--batch-size must be at least 1")
	}
	if c.JSON && !c.Once {
		return errors.New("--json goes with --once")
	}
	if c.Metrics != "" && c.Once {
		return errors.New("--metrics goes with a worker that runs on, not with --once")
	}
	return nil
}

func (c *workCommand) Run(a *app, pool *pgxpool.Pool) error {
	host, _ := os.Hostname()
	options := rollup.Options{BatchSize: c.BatchSize, Host: host, Logf: func(format string, args ...any) {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}}
	if c.Once {
		return c.drain(a, pool, options)
	}
	return c.follow(a, pool, options)
}

// drain empties the inbox under a progress bar.
func (c *workCommand) drain(a *app, pool *pgxpool.Pool, options rollup.Options) error {
	status, err := store.ReadStatus(a.ctx, pool)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr, "roll up", "rows", status.Inbox)
	var done int64
	options.OnBatch = func(batch rollup.Report) {
		if done += batch.Taken; batch.Taken > 0 { // else it seals or packs
			bar.set(done, done)
		}
	}
	report, err := rollup.Drain(a.ctx, pool, options)
	bar.finish()
	if err != nil {
		return fmt.Errorf("roll up: %w", err)
	}
	segments, err := segment.RefreshDue(a.ctx, pool, options.Logf)
	if err != nil {
		return fmt.Errorf("compute segments: %w", err)
	}
	if err := c.print(a, drained{report, segments}); err != nil {
		return err
	}
	if report.Conflicts > 0 && !c.JSON {
		imports, err := store.Imports(a.ctx, pool)
		if err != nil {
			return err
		}
		a.printConflicting(imports)
	}
	if report.Rejected > 0 {
		return &exitError{exitRefused, errors.New(store.Counted(report.Rejected, "row was rejected", "rows were rejected") + ": see the table footfall.rejected for the reason")}
	}
	return nil
}

// drained is what work --once did.
type drained struct {
	rollup.Report
	Segments int `json:"segments"` // computed
}

func (c *workCommand) print(a *app, d drained) error {
	if c.JSON {
		return a.printJSON(d)
	}
	const text = "%d rows taken in %v: %d events, %d duplicates (%d with another payload), %d rejected%s\n"
	_, err := english.Fprintf(a.stdout, text,
		d.Taken, d.Took.Round(time.Millisecond), d.Events, d.Duplicates, d.Conflicts, d.Rejected, leftOut(d.LeftOut))
	if err == nil && d.Segments > 0 {
		_, err = english.Fprintf(a.stdout, "%d segments computed\n", d.Segments)
	}
	return err
}

// leftOut says what became of values that broke a rule, "" where none did.
func leftOut(values int64) string {
	if values == 0 {
		return ""
	}
	return ", " + store.Counted(values, "value", "values") + " left out or cut (see footfall status)"
}

// follow works until the context ends, with a line of what was done now and then.
func (c *workCommand) follow(a *app, pool *pgxpool.Pool, options rollup.Options) error {
	fmt.Fprintf(a.stderr, "The worker runs; Ctrl-C stops it.\n")
	var sum rollup.Report
	last := time.Now()
	options.OnBatch = func(batch rollup.Report) {
		sum.Taken += batch.Taken
		sum.Rejected += batch.Rejected
		sum.Took += batch.Took
		if batch.Taken > 0 && time.Since(last) >= plainInterval {
			last = time.Now()
			english.Fprintf(a.stderr, "%s %d rows rolled up in %v, %d rejected\n",
				last.UTC().Format(time.RFC3339), sum.Taken, sum.Took.Round(time.Millisecond), sum.Rejected)
			sum = rollup.Report{}
		}
	}
	segments := segment.Options{Logf: options.Logf}
	if c.Metrics != "" {
		m := newMetrics(pool)
		m.watch(&options)
		segments.OnRefresh = m.refreshed
		if err := m.serve(a.ctx, c.Metrics, options.Logf); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithCancel(a.ctx)
	var running sync.WaitGroup
	running.Go(func() { segment.Run(ctx, pool, segments) })
	defer running.Wait()
	defer cancel()
	if err := rollup.Run(ctx, pool, options); err != nil && !errors.Is(err, context.Canceled) {
		return fmt.Errorf("work: %w", err)
	}
	return nil
}
