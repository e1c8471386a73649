package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/ingest/demo"
	"github.com/footfall-analytics/footfall/pkg/segment/table"
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
	return `Beside the events, the reference table demo_customers has the company, tier and seats of those who pay; one of this name that is there stays.

The same arguments make the same events, so running it again within the day adds only what has happened since. On another day the same users get another history.

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
	events, err := demo.Load(a.ctx, pool, c.options(until), func(users int, rows int64) {
		bar.set(int64(users), rows)
	})
	bar.finish()
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	took := time.Since(start).Seconds()
	if err := c.uploadCustomers(a, pool, until); err != nil {
		return fmt.Errorf("demo: %w", err)
	}
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

func (c *demoCommand) options(until time.Time) demo.Options {
	return demo.Options{Users: c.Users, Days: c.Days, Seed: c.Seed, Until: until}
}

const customersTable = "demo_customers"

// uploadCustomers makes the reference table; one that is there may have been changed since, and stays.
func (c *demoCommand) uploadCustomers(a *app, pool *pgxpool.Pool, until time.Time) error {
	tables, err := table.List(a.ctx, pool)
	if err != nil || slices.ContainsFunc(tables, func(t table.Table) bool { return t.Name == customersTable }) {
		return err
	}
	_, err = table.Upload(a.ctx, pool, strings.NewReader(demo.Customers(c.options(until))), table.Options{
		Name: customersTable, Key: "user_id", File: customersTable + ".csv", By: commandLineUser(),
	})
	return err
}
