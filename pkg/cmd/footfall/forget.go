package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

type forgetCommand struct {
	User          []string `sep:"none" placeholder:"ID" help:"The usr.id of a user to forget. May be repeated."`
	File          string   `placeholder:"FILE" help:"A file with a usr.id on each line; - reads standard input."`
	Anonymous     []string `sep:"none" placeholder:"ID" help:"The usr.anonymous_id of a visitor to forget. May be repeated."`
	AnonymousFile string   `placeholder:"FILE" help:"A file with a usr.anonymous_id on each line; - reads standard input."`
	Block         bool     `help:"Refuse later events of these users and visitors; hashes of the ids are kept for that."`
	JSON          bool     `help:"Print the report as JSON."`
}

func (forgetCommand) Help() string {
	return `Removes all that is stored of users and visitors, with what waits in the inbox and what was rejected. It cannot be undone. Running it again for the same ones is safe. However many they are, it reads all events once and holds up the worker meanwhile.

Nothing found of any of them is code 1, of some of them code 3; the ids are named.

Examples:
  footfall forget --user 4711 --user 4712
  footfall forget --file erasures.txt --block
  footfall forget --anonymous 3f1c9a7e --block`
}

func (c *forgetCommand) Validate() error {
	switch {
	case len(c.User)+len(c.Anonymous) == 0 && c.File == "" && c.AnonymousFile == "":
		return errors.New("whom? Give --user, --file, --anonymous or --anonymous-file")
	case slices.Contains(c.User, ""):
		return errors.New("--user: give the usr.id of the user to forget")
	case slices.Contains(c.Anonymous, ""):
		return errors.New("--anonymous: give the usr.anonymous_id of the visitor to forget")
	case c.File == "-" && c.AnonymousFile == "-":
		return errors.New("--file and --anonymous-file cannot both read standard input")
	}
	return nil
}

func (c *forgetCommand) Run(a *app, pool *pgxpool.Pool) error {
	users, err := a.readIDs("--file", c.File)
	if err != nil {
		return err
	}
	anonymous, err := a.readIDs("--anonymous-file", c.AnonymousFile)
	if err != nil {
		return err
	}
	people := rollup.People{Users: distinct(append(users, c.User...)), Anonymous: distinct(append(anonymous, c.Anonymous...))}
	f, err := rollup.Forget(a.ctx, pool, people, c.Block)
	if err != nil {
		return err
	}
	if err := c.print(a, f); err != nil {
		return err
	}
	switch found := people.Len() - f.NotFound.Len(); {
	case f.NotFound.Len() == 0:
		return nil
	case found <= 0:
		return errors.New("nothing was found to forget")
	default:
		return &exitError{exitRefused, errors.New(store.Counted(int64(f.NotFound.Len()), "id was", "ids were") + " not found")}
	}
}

func distinct(ids []string) []string {
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (c *forgetCommand) print(a *app, f rollup.Forgotten) error {
	if c.JSON {
		return a.printJSON(f)
	}
	printMissing(a.stdout, f.NotFound.Users, "No user with the usr.id %q is stored.\n")
	printMissing(a.stdout, f.NotFound.Anonymous, "No visitor with the usr.anonymous_id %q is stored.\n")
	english.Fprintf(a.stdout, "Removed %d events, %d sessions, %d rows of the inbox, %d rejected rows, %d dictionary values.\n",
		f.Events, f.Sessions, f.Inbox, f.Rejected, f.Dictionaries)
	if f.Blocked {
		fmt.Fprintln(a.stdout, "Later events of these ids will be refused.")
	}
	return nil
}

// shownMissing is how many ids that were not found are shown; --json has all.
const shownMissing = 20

func printMissing(out io.Writer, ids []string, line string) {
	for i, id := range ids {
		if i == shownMissing {
			english.Fprintf(out, "... and %d more; --json lists all.\n", len(ids)-i)
			return
		}
		fmt.Fprintf(out, line, id)
	}
}

// readIDs reads a file with an id on each line; none where no file is given. Empty lines say nothing.
func (a *app) readIDs(flag, path string) ([]string, error) {
	if path == "" {
		return nil, nil
	}
	var input io.Reader = a.stdin
	if path != "-" {
		file, err := os.Open(path) //nolint:gosec // the file the user names
		if err != nil {
			return nil, fmt.Errorf("%s: %w", flag, err)
		}
		defer func() { _ = file.Close() }()
		input = file
	}
	var ids []string
	lines := bufio.NewScanner(input)
	for number := 1; lines.Scan(); number++ {
		id := strings.TrimSuffix(lines.Text(), "\r")
		if number == 1 {
			id = strings.TrimPrefix(id, "\ufeff")
		}
		if !utf8.ValidString(id) || strings.ContainsRune(id, 0) {
			return nil, fmt.Errorf("%s: line %d of %s is not UTF-8 text", flag, number, path)
		}
		if id != "" {
			ids = append(ids, id)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("%s: read %s: %w", flag, path, err)
	}
	if ids == nil {
		return nil, fmt.Errorf("%s: %s holds no ids", flag, path)
	}
	return ids, nil
}
