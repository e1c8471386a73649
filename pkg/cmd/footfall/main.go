// Command footfall keeps the event store: it makes the tables, imports events, and rolls them up.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// Exit codes, as the help tells them.
const (
	exitOK      = 0
	exitFailed  = 1
	exitUsage   = 2
	exitRefused = 3
)

const description = `Footfall: product analytics on Postgres.

Commands need the database's address, from --dsn or FOOTFALL_DSN, for example
  postgres://footfall@localhost:5432/footfall

Exit codes: 0 done, 1 failed, 2 wrong command line, 3 done, but some rows were refused, not found or not as they should be.`

type commandLine struct {
	DSN string `name:"dsn" env:"FOOTFALL_DSN" placeholder:"DSN" help:"The database: a postgres:// address or key=value pairs."`

	Migrate      migrateCommand      `cmd:"" help:"Create or update the tables."`
	Import       importCommand       `cmd:"" help:"Bring events from CSV or NDJSON files into the inbox."`
	Imports      importsCommand      `cmd:"" help:"List what was imported, and take an import back."`
	Work         workCommand         `cmd:"" help:"Roll the inbox up into events, sessions and profiles."`
	Status       statusCommand       `cmd:"" help:"Show what the store holds, what waits, and what the worker does."`
	Check        checkCommand        `cmd:"" help:"Compare sessions, their packed form and their events."`
	Rebuild      rebuildCommand      `cmd:"" help:"Compute sessions and profiles again from events."`
	Forget       forgetCommand       `cmd:"" help:"Remove all that is stored of users."`
	Segments     segmentsCommand     `cmd:"" help:"List, provision and compute segments."`
	Tables       tablesCommand       `cmd:"" help:"Upload, list, export and delete reference tables."`
	Pages        pagesCommand        `cmd:"" help:"Make one page of those that match a pattern, and list the patterns."`
	Attributes   attributesCommand   `cmd:"" help:"Pack attributes of events for questions over many, and list those that are."`
	Applications applicationsCommand `cmd:"" help:"Settings of applications: gaps of sessions, and which paths are one page."`
	Demo         demoCommand         `cmd:"" help:"Bring the events of an invented web shop into the inbox."`
	Version      versionCommand      `cmd:"" help:"Show the program's version."`
}

// app is what commands run with.
type app struct {
	ctx    context.Context
	dsn    string
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	close  func() // closes what the command had open
}

// exitError is an error with an exit code of its own.
type exitError struct {
	code int
	err  error
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usageError(format string, args ...any) error {
	return &exitError{exitUsage, fmt.Errorf(format, args...)}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the second one ends the program at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(&app{ctx: ctx, stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}, os.Args[1:]))
}

// run runs one command line and returns the exit code.
func run(a *app, args []string) (code int) {
	var line commandLine
	type earlyExit int
	defer func() {
		if early, ok := recover().(earlyExit); ok {
			code = int(early)
		}
	}()
	parser := kong.Must(&line,
		kong.Name("footfall"),
		kong.Description(description),
		kong.Writers(a.stdout, a.stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		// Kong ends the program after --help; here that has to come back as a code.
		kong.Exit(func(code int) { panic(earlyExit(code)) }),
		kong.Bind(a),
		kong.BindSingletonProvider(a.open),
	)
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(a.stderr, "footfall: %v (see footfall --help)\n", err)
		return exitUsage
	}
	a.dsn = line.DSN
	a.close = func() {}
	defer func() { a.close() }()
	return a.exitCode(command.Run())
}

func (a *app) exitCode(err error) int {
	if err == nil {
		return exitOK
	}
	if a.ctx.Err() != nil {
		fmt.Fprintln(a.stderr, "footfall: interrupted; run the same command again to go on")
		return exitFailed
	}
	fmt.Fprintf(a.stderr, "footfall: %v\n", err)
	var exit *exitError
	if errors.As(err, &exit) {
		return exit.code
	}
	return exitFailed
}
