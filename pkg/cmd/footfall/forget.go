package main

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type forgetCommand struct {
	User  string `required:"" placeholder:"ID" help:"The usr.id of the user to forget."`
	Block bool   `help:"Refuse later events of this user; a hash of the id is kept for that."`
	JSON  bool   `help:"Print the report as JSON."`
}

func (forgetCommand) Help() string {
	return `Removes all that is stored of the user, with what waits in the inbox and what was rejected. It cannot be undone. Running it again for the same user is safe. It reads all events once and holds up the worker meanwhile.

Examples:
  footfall forget --user 4711
  footfall forget --user ann@example.org --block`
}

func (c *forgetCommand) Validate() error {
	if c.User == "" {
		return errors.New("--user: give the usr.id of the user to forget")
	}
	return nil
}

func (c *forgetCommand) Run(a *app, pool *pgxpool.Pool) error {
	f, err := rollup.Forget(a.ctx, pool, c.User, c.Block)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(f)
	}
	if !f.Known {
		fmt.Fprintf(a.stdout, "No user with the usr.id %q is stored.\n", c.User)
	}
	english.Fprintf(a.stdout, "Removed %d events, %d sessions, %d rows of the inbox, %d rejected rows, %d dictionary values.\n",
		f.Events, f.Sessions, f.Inbox, f.Rejected, f.Dictionaries)
	if f.Blocked {
		fmt.Fprintln(a.stdout, "Later events of this user will be refused.")
	}
	return nil
}
