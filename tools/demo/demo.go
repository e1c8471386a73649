// Package demo is `go tool mage demo`: a whole Footfall with demo events, to look at.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"

	"github.com/footfall-analytics/footfall/tools/grafana"
	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/process"
	"github.com/footfall-analytics/footfall/tools/stack"
)

// Settings are what a user may change, by environment variables.
type Settings struct {
	Port  int // FOOTFALL_DEMO_PORT: where the product is shown
	Users int // FOOTFALL_DEMO_USERS: users that the demo events tell of; 0: no demo events, for one's own
	Days  int // FOOTFALL_DEMO_DAYS: days up to today that they stretch over
}

// databasePort is PostgreSQL's where it is free: not the usual one, which may well be in use.
const databasePort = 54320

// readSettings reads them with lookup, which is os.LookupEnv.
func readSettings(lookup func(string) (string, bool)) (Settings, error) {
	s := Settings{Port: 3000, Users: 1000, Days: 60}
	for _, variable := range []struct {
		name     string
		value    *int
		min, max int
	}{
		{"FOOTFALL_DEMO_PORT", &s.Port, 1, 65535},
		{"FOOTFALL_DEMO_USERS", &s.Users, 0, 1_000_000},
		{"FOOTFALL_DEMO_DAYS", &s.Days, 1, 3650},
	} {
		text, ok := lookup(variable.name)
		if !ok {
			continue
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < variable.min || value > variable.max {
			return Settings{}, fmt.Errorf("%s must be a number from %d to %d, not %q", variable.name, variable.min, variable.max, text)
		}
		*variable.value = value
	}
	return s, nil
}

// Run starts the demo and returns when it was told to end (Ctrl-C) or a part of it has ended. Its data stay in the
// user's cache folder.
func Run(ctx context.Context) error {
	return untilStopped(ctx, func(ctx context.Context, settings Settings, dir string) error {
		start, choice, err := chooseHost(ctx, os.Stderr)
		if err != nil {
			return err
		}
		fmt.Println(choice)
		return show(ctx, settings, dir, start)
	})
}

// Preview is Run with the preview as host, which is built anew with every change of a source.
func Preview(ctx context.Context) error {
	return untilStopped(ctx, func(ctx context.Context, settings Settings, dir string) error {
		return show(ctx, settings, dir, startWatched)
	})
}

// untilStopped reads the settings and calls run, until Ctrl-C.
func untilStopped(ctx context.Context, run func(context.Context, Settings, string) error) error {
	ctx, stop := process.UntilStopped(ctx)
	defer stop()
	settings, err := readSettings(os.LookupEnv)
	if err != nil {
		return err
	}
	if !ports.IsFree(settings.Port) {
		return fmt.Errorf("port %d is taken: end what uses it, or choose another with FOOTFALL_DEMO_PORT=3001", settings.Port)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return fmt.Errorf("find the folder for the demo's data: %w", err)
	}
	dir := filepath.Join(cache, "footfall", "demo")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	err = run(ctx, settings, dir)
	if ctx.Err() != nil && (err == nil || errors.Is(err, context.Canceled)) {
		return nil // as it was told
	}
	return err
}

func show(ctx context.Context, settings Settings, dir string, start starter) (err error) {
	running, err := stack.Start(ctx, stack.Options{
		Dir:          dir,
		PostgresPort: databasePort,
		Durable:      true,
		Events:       stack.Events{Users: settings.Users, Days: settings.Days, Seed: 1},
		Output:       os.Stderr,
	})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.Stop()) }()
	host, err := start(ctx, running, settings.Port)
	if err != nil {
		return err
	}
	worker, err := running.StartWorker()
	if err != nil {
		return err
	}
	printWhereToLook(running, host, dir)
	select {
	case <-ctx.Done():
		_, _ = fmt.Fprintln(os.Stderr, "\nStopping; the data are kept.")
		return nil
	case <-worker.Done():
		return fmt.Errorf("the worker ended, see %s", filepath.Join(dir, "worker.log"))
	case <-host.Done():
		return fmt.Errorf("what shows the plugin ended, see %s", host.Log())
	}
}

// starter starts what shows the plugin.
type starter func(ctx context.Context, running *stack.Stack, port int) (stack.Host, error)

// chooseHost takes a Grafana where there is one or one can be downloaded, else the preview, and says in one line which and
// why.
func chooseHost(ctx context.Context, progress io.Writer) (starter, string, error) {
	install, err := grafana.Find(ctx, progress)
	switch {
	case errors.Is(err, grafana.ErrNone):
		start := func(ctx context.Context, running *stack.Stack, port int) (stack.Host, error) {
			return running.StartPreview(ctx, port, false)
		}
		return start, fmt.Sprintf("Shown in Footfall's preview, which is not Grafana: %v.", err), nil
	case err != nil:
		return nil, "", err
	}
	start := func(ctx context.Context, running *stack.Stack, port int) (stack.Host, error) {
		return running.StartGrafana(ctx, install, port, true)
	}
	return start, fmt.Sprintf("Shown in Grafana, from %s.", install.Origin), nil
}

func printWhereToLook(running *stack.Stack, host stack.Host, dir string) {
	fmt.Printf(`
Footfall is ready:

  Users               %[1]s/a/footfall-analytics-app/users
  Start page          %[1]s/a/footfall-analytics-app
  Database            psql '%[2]s'
  Your own events     bin/footfall import --dsn '%[2]s' \
                        --map ts=timestamp --map usr.id=user_id --set type=view FILE.csv
  Data and logs       %[3]s (and %[4]s)

Ctrl-C stops everything and keeps the data. To begin anew, delete those folders.
`, host.URL(), running.DSN(), dir, running.Postgres.Dir())
}
