package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/ingest/demo"
	"github.com/footfall-analytics/footfall/pkg/store"
)

type demoCommand struct {
	Users int       `default:"2000" help:"Users with a usr.id (${default}); anonymous visitors come on top."`
	Days  int       `default:"60" help:"Days of events (${default})."`
	Seed  int64     `default:"1" help:"Another seed makes other users and events (${default})."`
	Until time.Time `placeholder:"TIME" help:"End of the events, e.g. 2026-05-17T10:00:00Z (default: start of this hour)."`
	JSON  bool      `help:"Print the report as JSON."`
}

func (demoCommand) Help() string {
	return `The same arguments make the same events, so running it again within the day adds only what has happened since. On another day the same users get another history.

Examples:
  footfall demo
  footfall demo --users 20000 --days 90 && footfall work --once`
}

func (c *demoCommand) Validate() error {
	if c.Users < 1 || c.Days < 1 || c.Days > 3650 {
		return errors.New("--users must be at least 1, --days 1 to 3650")
	}
	return nil
}

func (c *demoCommand) Run(a *app, pool *pgxpool.Pool) error {
	until := c.Until
	if until.IsZero() {
		until = time.Now().UTC().Truncate(time.Hour)
	}
	bar := newProgress(a.stderr, "demo", "users", int64(c.Users))
	start := time.Now()
	events, err := demo.Load(a.ctx, pool, demo.Options{Users: c.Users, Days: c.Days, Seed: c.Seed, Until: until}, func(users int, rows int64) {
		bar.set(int64(users), rows)
	})
	bar.finish()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	took := time.Since(start).Seconds()
	status, err := store.ReadStatus(a.ctx, pool)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(map[string]any{"events": events, "seconds": took, "inbox": status.Inbox})
	}
	english.Fprintf(a.stdout, "%d events of a web shop's last %d days in %.1f s, %.0f events/s\n", events, c.Days, took, float64(events)/took)
	a.printWaiting(status, true)
	return nil
}
