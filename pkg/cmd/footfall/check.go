package main

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/check"
)

type checkCommand struct {
	JSON bool `help:"Print the report as JSON."`
}

func (checkCommand) Help() string {
	return `Compares what the store keeps twice: each session's row with its events, and its packed form (the tables tail and blocks) with both. It reads all sessions and their events and changes nothing; workers and readers may go on meanwhile. It ends with code 3 where something differs, and says which command repairs it.

Examples:
  footfall check
  footfall check --json`
}

func (c *checkCommand) Run(a *app, pool *pgxpool.Pool) error {
	status, err := store.ReadStatus(a.ctx, pool)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr, "compare", "sessions", status.Sessions)
	report, err := check.Sessions(a.ctx, pool, func(done int64) { bar.set(done, done) })
	bar.finish()
	if err != nil {
		return err
	}
	if c.JSON {
		err = a.printJSON(report)
	} else {
		err = a.printCheck(report)
	}
	if err == nil && report.Differences > 0 {
		return &exitError{exitRefused, check.ErrDiffers}
	}
	return err
}

func (a *app) printCheck(r check.Report) error {
	if _, err := english.Fprintf(a.stdout, "%d sessions compared, %d of them packed: %d differ.\n",
		r.Sessions, r.Packed, r.Differences); err != nil {
		return err
	}
	for _, d := range r.First {
		fmt.Fprintf(a.stdout, "  %s\n", d)
	}
	if more := r.Differences - int64(len(r.First)); more > 0 {
		english.Fprintf(a.stdout, "  and %d more\n", more)
	}
	return nil
}
