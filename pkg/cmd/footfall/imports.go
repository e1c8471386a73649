package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type importsCommand struct {
	List importsListCommand `cmd:"" help:"Show what was imported, when, by whom, and what became of its rows."`
	Undo importsUndoCommand `cmd:"" help:"Take an import back, as if it had never been."`
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
	err = listing[store.Import]{
		heads: []string{
			"ID", "NAME", "STARTED", "BY", "STATE", "READ", "WRITTEN", "ROLLED UP", "EVENTS", "DUPLICATES", "REJECTED",
		},
		cells: func(i store.Import) []string {
			return []string{
				fmt.Sprint(i.ID), i.Name, i.StartedAt.UTC().Format(time.DateTime), i.StartedBy, importState(i), grouped(i.Read),
				grouped(i.Written), grouped(i.RolledUp()), grouped(i.Events), grouped(i.Duplicates), grouped(i.Rejected),
			}
		},
		none: "Nothing was imported yet. Bring events in with `footfall import`.",
	}.print(a, list, c.JSON)
	if err != nil || c.JSON {
		return err
	}
	a.printConflicting(list)
	return nil
}

// printConflicting says of imports that met other imports' events with other values how the later one can count.
func (a *app) printConflicting(list []store.Import) {
	for _, i := range list {
		if i.ConflictsWith != 0 {
			english.Fprintf(a.stdout, "Import %s brought %d events that were there with other values, lately of import %s. The first count; if import %[1]s corrects that one, say `footfall imports undo %[3]s`.\n",
				fmt.Sprint(i.ID), i.Conflicts, fmt.Sprint(i.ConflictsWith))
		}
	}
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

type importsUndoCommand struct {
	ID   int32 `arg:"" name:"ID" help:"The import's number in footfall imports list."`
	Yes  bool  `short:"y" help:"Go on without asking."`
	JSON bool  `help:"With --yes: print the report as JSON."`
}

func (importsUndoCommand) Help() string {
	return `Removes the import's events and what of it still waits in the inbox. Sessions, profiles and users are as if it had never been; events that others sent too, and that were left out as duplicates, take their place. It says what it will remove and asks before it does. A worker may run meanwhile. Interrupted, it goes on when it is called again.

Examples:
  footfall imports undo 3
  footfall imports undo 3 --yes --json`
}

func (c *importsUndoCommand) Validate() error {
	if c.JSON && !c.Yes {
		return errors.New("--json goes with --yes")
	}
	return nil
}

func (c *importsUndoCommand) Run(a *app, pool *pgxpool.Pool) error {
	plan, err := rollup.PlanUndo(a.ctx, pool, c.ID)
	if err != nil {
		return err
	}
	if !c.JSON {
		a.printPlan(plan)
	}
	if !c.Yes && !a.confirmed("Take it back?") {
		return errors.New("nothing has changed")
	}
	bar := newProgress(a.stderr, "undo", "events", plan.Events)
	undone, err := rollup.Undo(a.ctx, pool, c.ID, rollup.UndoOptions{OnProgress: func(done int64) { bar.set(done, done) }})
	bar.finish()
	if err != nil {
		return err
	}
	if c.JSON {
		return a.printJSON(undone)
	}
	_, err = english.Fprintf(a.stdout, "Took import %s back: removed %d events, %d rows of the inbox, %d rejected rows, %d dictionary values; %d rows of others took the place of events.\n",
		fmt.Sprint(undone.Import), undone.Events, undone.Waiting, undone.Rejected, undone.Dictionaries, undone.Restored)
	return err
}

// printPlan says what taking an import back would do.
func (a *app) printPlan(plan rollup.UndoPlan) {
	i := plan.Import
	fmt.Fprintf(a.stdout, "Import %d, %q, of %s by %s", i.ID, i.Name, i.StartedAt.UTC().Format(time.DateTime), i.StartedBy)
	switch i.State {
	case "running":
		fmt.Fprint(a.stdout, ", which is still running unless it was killed")
	case "undoing":
		fmt.Fprint(a.stdout, ", which is taken back in part")
	}
	english.Fprintf(a.stdout, ": %d events of %d users, and %d rows that wait in the inbox, will be removed. %d rows of other imports or writers, left out as duplicates, will take the place of some.\n",
		plan.Events, plan.Users, plan.Waiting, plan.Held)
}

// confirmed asks on the terminal; whatever is no yes is a no.
func (a *app) confirmed(question string) bool {
	fmt.Fprintf(a.stderr, "%s Type yes, or say --yes: ", question)
	answer, _ := bufio.NewReader(a.stdin).ReadString('\n')
	if !strings.HasSuffix(answer, "\n") {
		fmt.Fprintln(a.stderr)
	}
	return strings.TrimSpace(strings.ToLower(answer)) == "yes"
}
