// Package stack runs the whole of Footfall on this machine: PostgreSQL with events in it, and what shows the plugin, which
// is Grafana or the preview.
package stack

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store"
	"github.com/footfall-analytics/footfall/tools/build"
	"github.com/footfall-analytics/footfall/tools/grafana"
	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/postgres"
	"github.com/footfall-analytics/footfall/tools/preview"
	"github.com/footfall-analytics/footfall/tools/process"
)

const stopTimeout = 10 * time.Second

// Database is the name of the database.
const Database = "footfall"

// Events are the demo events that an empty store gets.
type Events struct {
	Users int // 0: none
	Days  int
	Seed  int
}

// Options say what runs where.
type Options struct {
	Dir          string // holds all state
	PostgresPort int    // on 127.0.0.1; where it is taken, or 0: a free one
	Durable      bool   // keep the data safe in a crash
	Events       Events
	Output       io.Writer // progress
}

// Stack is what runs.
type Stack struct {
	options  Options
	project  string
	footfall string // path of the command line
	Postgres *postgres.Server
	stops    []func() error // in the order of the starts
}

// Host shows the plugin: a Grafana or the preview.
type Host interface {
	URL() string
	Done() <-chan struct{} // closed when it has ended
	Log() string           // the path of its log
	Stop() error
}

// Start builds the command line and starts PostgreSQL with events in it. The current folder must be the project's.
func Start(ctx context.Context, options Options) (*Stack, error) {
	project, err := filepath.Abs(".")
	if err != nil {
		return nil, err
	}
	s := &Stack{options: options, project: project}
	if err := s.start(ctx); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Stack) start(ctx context.Context) error {
	if err := build.NodeModules(ctx); err != nil { // they hold PostgreSQL
		return err
	}
	var err error
	if s.footfall, err = build.CommandLine(ctx); err != nil {
		return err
	}
	if err := s.startPostgres(ctx); err != nil {
		return err
	}
	return s.loadEvents(ctx)
}

func (s *Stack) startPostgres(ctx context.Context) error {
	install, err := postgres.Find(0)
	if err != nil {
		return err
	}
	s.say("Starting PostgreSQL %s", install.Version)
	s.Postgres, err = postgres.Start(ctx, postgres.Options{
		Install: install,
		Dir:     filepath.Join(s.options.Dir, "postgres-"+strconv.Itoa(install.Major)),
		Port:    freeOr0(s.options.PostgresPort), // asked for now: building takes minutes
		Durable: s.options.Durable,
	})
	if err != nil {
		return err
	}
	s.stops = append(s.stops, s.Postgres.Stop)
	return s.AddStore(ctx, Database)
}

// AddStore makes a database with an empty store in it, unless it is there; RunOn and DSNOf reach it.
func (s *Stack) AddStore(ctx context.Context, database string) error {
	if err := s.createDatabase(ctx, database); err != nil {
		return err
	}
	return s.RunOn(ctx, database, "migrate")
}

// freeOr0 keeps the database's address the same from start to start where it can; 0 stands for any free port.
func freeOr0(port int) int {
	if ports.IsFree(port) {
		return port
	}
	return 0
}

func (s *Stack) createDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.Postgres.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is written any more
	var exists bool
	err = conn.QueryRow(ctx, `select exists (select from pg_database where datname = $1)`, name).Scan(&exists)
	if err == nil && !exists {
		_, err = conn.Exec(ctx, `create database `+pgx.Identifier{name}.Sanitize())
	}
	if err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// loadEvents fills an empty store, provisions the demo's segments, and waits until all of it is rolled up and computed.
func (s *Stack) loadEvents(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.DSN())
	if err != nil {
		return fmt.Errorf("look for events: %w", err)
	}
	status, err := store.ReadStatus(ctx, conn)
	if err := errors.Join(err, conn.Close(ctx)); err != nil {
		return fmt.Errorf("look for events: %w", err)
	}
	events := s.options.Events
	if events.Users > 0 && status.Events == 0 && status.Inbox == 0 {
		s.say("Loading demo events of %d users over %d days", events.Users, events.Days)
		if err := s.Run(ctx, "demo", "--users", strconv.Itoa(events.Users), "--days", strconv.Itoa(events.Days),
			"--seed", strconv.Itoa(events.Seed)); err != nil {
			return err
		}
	}
	if events.Users > 0 { // as in docker-compose.yml: the files hold, whatever was changed since
		if err := s.Run(ctx, "segments", "apply", filepath.Join(s.project, "provisioning", "segments")); err != nil {
			return err
		}
	}
	return s.Run(ctx, "work", "--once")
}

// StartGrafana builds the plugin and shows it in a Grafana. anonymous lets everybody in, as Admin.
func (s *Stack) StartGrafana(ctx context.Context, install grafana.Install, port int, anonymous bool) (Host, error) {
	goos, goarch := install.Platform()
	if err := build.Plugin(ctx, goos, goarch); err != nil {
		return nil, err
	}
	s.say("Starting Grafana from %s", install.Origin)
	host, err := install.Start(ctx, grafana.Options{
		Dir:          filepath.Join(s.options.Dir, "grafana"),
		Port:         port,
		Plugin:       filepath.Join(s.project, build.Dist),
		Provisioning: s.provisioning(),
		Anonymous:    anonymous,
		Environment:  s.environment(install.DatabaseHost()),
	})
	if err != nil {
		return nil, err
	}
	s.stops = append(s.stops, host.Stop)
	return host, nil
}

// StartPreview builds the plugin and the preview's page, and shows the one in the other. watch is for a host that will
// be reloaded under pages that are open.
func (s *Stack) StartPreview(ctx context.Context, port int, watch bool) (*preview.Server, error) {
	if err := build.Plugin(ctx, runtime.GOOS, runtime.GOARCH); err != nil {
		return nil, err
	}
	if err := build.Preview(ctx); err != nil {
		return nil, err
	}
	s.say("Starting the preview")
	host, err := preview.Start(ctx, preview.Options{
		Dir:          filepath.Join(s.options.Dir, "preview"),
		Port:         port,
		Plugin:       filepath.Join(s.project, build.Dist),
		Provisioning: s.provisioning(),
		Page:         filepath.Join(s.project, build.PreviewPage),
		Environment:  s.environment("127.0.0.1"),
		Watch:        watch,
	})
	if err != nil {
		return nil, err
	}
	s.stops = append(s.stops, host.Stop)
	return host, nil
}

func (s *Stack) provisioning() string { return filepath.Join(s.project, "provisioning") }

// environment are the variables of provisioning/, for a host that reaches this machine by that name.
func (s *Stack) environment(databaseHost string) map[string]string {
	return map[string]string{
		"FOOTFALL_DB_HOST":     net.JoinHostPort(databaseHost, strconv.Itoa(s.Postgres.Port())),
		"FOOTFALL_DB_NAME":     Database,
		"FOOTFALL_DB_USER":     postgres.Superuser,
		"FOOTFALL_DB_PASSWORD": s.Postgres.Password(),
		"FOOTFALL_DB_SSLMODE":  "disable",
	}
}

// DSN is the address of the database, with the owner's password.
func (s *Stack) DSN() string { return s.DSNOf(Database) }

// DSNOf is the address of another database of the same server.
func (s *Stack) DSNOf(database string) string { return s.Postgres.DSN(database) }

// Run runs one command of the command line on the database.
func (s *Stack) Run(ctx context.Context, args ...string) error {
	return s.RunOn(ctx, Database, args...)
}

// RunOn runs one command of the command line on another database.
func (s *Stack) RunOn(ctx context.Context, database string, args ...string) error {
	cmd := exec.CommandContext(ctx, s.footfall, args...)
	cmd.Env = append(os.Environ(), "FOOTFALL_DSN="+s.DSNOf(database))
	cmd.Stdout, cmd.Stderr = s.options.Output, s.options.Output
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("footfall %s: %w", args[0], err)
	}
	return nil
}

// StartWorker runs `footfall work` until the end.
func (s *Stack) StartWorker() (*process.Process, error) {
	return s.StartBeside("worker", process.Options{Gentle: true}, s.footfall, "work")
}

// StartBeside runs a program until the end, its output in a file of that name beside the data.
func (s *Stack) StartBeside(name string, options process.Options, program string, args ...string) (*process.Process, error) {
	log, err := os.Create(filepath.Join(s.options.Dir, name+".log"))
	if err != nil {
		return nil, err
	}
	defer log.Close() //nolint:errcheck // the program holds its own handle
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "FOOTFALL_DSN="+s.DSN())
	cmd.Stdout, cmd.Stderr = log, log
	running, err := process.Start(cmd, options)
	if err == nil {
		s.stops = append(s.stops, func() error { return running.Stop(stopTimeout) })
	}
	return running, err
}

// Stop ends everything, in the opposite order of the starts.
func (s *Stack) Stop() error {
	var errs []error
	for i := len(s.stops) - 1; i >= 0; i-- {
		errs = append(errs, s.stops[i]())
	}
	s.stops = nil
	return errors.Join(errs...)
}

func (s *Stack) say(format string, args ...any) {
	_, _ = fmt.Fprintf(s.options.Output, format+" ...\n", args...)
}
