package main

import (
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type rebuildCommand struct {
	JSON bool `help:"Print the report as JSON."`
}

func (rebuildCommand) Help() string {
	return `Computes sessions and profiles again from events: after thresholds, session gaps or rules for pages have changed, or for repair. Workers and readers may go on meanwhile. It may be stopped at any point; started again it begins with the first user.

Examples:
  footfall rebuild
  footfall rebuild --json`
}

func (c *rebuildCommand) Run(a *app, pool *pgxpool.Pool) error {
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
