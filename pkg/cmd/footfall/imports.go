package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
)

type importsCommand struct {
	List importsListCommand `cmd:"" help:"Show what was imported, when, by whom, and what became of its rows."`
}

type importsListCommand struct {
	JSON bool `help:"Print the imports as JSON."`
}

func (importsListCommand) Help() string {
	return `The latest import comes first. Of the rows of the files, those written are in the inbox or rolled up already: into events, duplicates of events that were there, or rejected rows.

Examples:
  footfall imports list
  footfall imports list --json | jq '.[] | select(.state == "failed").name'`
}

func (c *importsListCommand) Run(a *app, pool *pgxpool.Pool) error {
	list, err := store.Imports(a.ctx, pool)
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(list)
	}
	if len(list) == 0 {
		fmt.Fprintln(a.stdout, "Nothing was imported yet. Bring events in with `footfall import`.")
		return nil
	}
	out := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(out, "ID\tNAME\tSTARTED\tBY\tSTATE\tREAD\tWRITTEN\tROLLED UP\tEVENTS\tDUPLICATES\tREJECTED")
	for _, i := range list {
		english.Fprintf(out, "%s\t%s\t%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\n", fmt.Sprint(i.ID), i.Name,
			i.StartedAt.UTC().Format(time.DateTime), i.StartedBy, importState(i), i.Read, i.Written, i.RolledUp(), i.Events,
			i.Duplicates, i.Rejected)
	}
	return out.Flush()
}

// quietAfter is how long a running import may write nothing before the list says so: it may have been killed.
const quietAfter = 5 * time.Minute

// importState is an import's state in words.
func importState(i store.Import) string {
	last := i.StartedAt
	if i.WrittenAt != nil {
		last = *i.WrittenAt
	}
	if quiet := time.Since(last); i.State == "running" && quiet > quietAfter {
		return fmt.Sprintf("running, quiet for %s", rough(quiet))
	}
	return i.State
}
