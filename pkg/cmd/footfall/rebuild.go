package main

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type rebuildCommand struct {
	Columns bool `help:"Pack the sessions anew (the table tail), and nothing else."`
	JSON    bool `help:"Print the report as JSON."`
}

func (rebuildCommand) Help() string {
	return `Computes sessions and profiles again from events: after thresholds, session gaps or rules for pages have changed, or for repair. Workers and readers may go on meanwhile. It may be stopped at any point; started again it begins with the first user. With --columns sessions stay as they are and are only packed anew, for repair after footfall check has found some that differ.

Examples:
  footfall rebuild
  footfall rebuild --columns
  footfall rebuild --json`
}

func (c *rebuildCommand) Run(a *app, pool *pgxpool.Pool) error {
	if c.Columns {
		return c.pack(a, pool)
	}
	var users int64
	bar := newProgress(a.stderr, "rebuild", "user keys", 0)
	start := time.Now()
	err := rollup.Rebuild(a.ctx, pool, func(done, of int32) {
		users = int64(of)
		bar.total = users
		bar.set(int64(done), int64(done))
	})
	bar.finish()
	if err != nil {
		return err
	}
	took := time.Since(start)
	status, err := store.ReadStatus(a.ctx, pool)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(map[string]any{"user_keys": users, "sessions": status.Sessions, "seconds": took.Seconds()})
	}
	_, err = english.Fprintf(a.stdout, "%d user keys computed again in %v; there are %d sessions and %d profiles now.\n",
		users, took.Round(time.Millisecond), status.Sessions, status.Users+status.Anonymous)
	return err
}

// pack packs all sessions anew, from the newest to the oldest.
func (c *rebuildCommand) pack(a *app, pool *pgxpool.Pool) error {
	start := time.Now()
	status, err := store.ReadStatus(a.ctx, pool)
	if err != nil {
		return err
	}
	bar := newProgress(a.stderr, "pack", "sessions", status.Sessions)
	err = rollup.PackAgain(a.ctx, pool, func(done int64) { bar.set(done, done) })
	bar.finish()
	if err != nil {
		return err
	}
	took := time.Since(start)
	if c.JSON {
		return a.printJSON(map[string]any{"sessions": status.Sessions, "seconds": took.Seconds()})
	}
	_, err = english.Fprintf(a.stdout, "%d sessions packed anew in %v.\n", status.Sessions, took.Round(time.Millisecond))
	return err
}
