package main

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/schema"
)

type migrateCommand struct {
	Reader string `placeholder:"ROLE" help:"Let this existing role read everything: the one Grafana uses."`
	JSON   bool   `help:"Print the versions as JSON."`
}

func (migrateCommand) Help() string {
	return `Needs the role that owns the schema. Running it again changes nothing, and several may run at once.

Examples:
  footfall migrate --dsn postgres://owner@localhost:5432/footfall
  footfall migrate --reader grafana
  FOOTFALL_DSN=... footfall migrate`
}

func (c *migrateCommand) Run(a *app) error {
	conn, err := a.connect()
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(a.ctx)) }()
	from, to, err := schema.Migrate(a.ctx, conn)
	if err == nil && c.Reader != "" {
		err = schema.GrantReader(a.ctx, conn, c.Reader)
	}
	if err != nil {
		return err
	}
	warnings, err := schema.Warnings(a.ctx, conn)
	for _, warning := range warnings {
		fmt.Fprintf(a.stderr, "Warning: %s.\n", warning)
	}
	switch {
	case err != nil:
		return err
	case c.JSON:
		return a.printJSON(map[string]int{"from": from, "to": to})
	case from == to:
		fmt.Fprintf(a.stdout, "The schema is at version %d already.\n", to)
	default:
		fmt.Fprintf(a.stdout, "The schema went from version %d to %d.\n", from, to)
	}
	return c.advise(a, conn)
}

// advise says what the upgrade leaves to do.
func (c *migrateCommand) advise(a *app, conn *pgx.Conn) error {
	status, err := store.ReadStatus(a.ctx, conn)
	if err == nil && status.NamesMissing && !c.JSON {
		_, err = fmt.Fprintf(a.stdout, "Still to do: %s.\n", store.NamesMissing)
	}
	return err
}
