package postgres

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/process"
)

// Superuser owns every cluster made here.
const Superuser = "postgres"

const (
	startTimeout = 60 * time.Second
	stopTimeout  = 60 * time.Second
)

// Options say where and how a server runs.
type Options struct {
	Install  Install
	Dir      string   // the cluster, its password and its log; made if missing, kept at the end
	Port     int      // on 127.0.0.1; 0: a free one
	Durable  bool     // false trades the data's safety in a crash for speed: for tests
	Settings []string // more of postgresql.conf, as "name=value"
}

// Server is a running PostgreSQL.
type Server struct {
	options  Options
	account  *process.Account
	process  *process.Process
	password string
}

// Start makes the cluster if there is none in the folder, starts the server and waits until it answers. Run by root it
// runs as another user; the folder may then be another one, see process.Account.Folder.
func Start(ctx context.Context, options Options) (*Server, error) {
	s, err := prepare(options)
	if err != nil {
		return nil, fmt.Errorf("prepare PostgreSQL %s in %s: %w", options.Install.Version, options.Dir, err)
	}
	if err := s.init(); err != nil {
		return nil, fmt.Errorf("create a PostgreSQL %s cluster in %s: %w", s.options.Install.Version, s.options.Dir, err)
	}
	if err := s.start(ctx); err != nil {
		return nil, fmt.Errorf("start PostgreSQL %s in %s: %w", s.options.Install.Version, s.options.Dir, err)
	}
	return s, nil
}

// prepare picks the account and makes folder and programs reachable for it.
func prepare(options Options) (*Server, error) {
	account, err := process.Unprivileged()
	if err != nil {
		return nil, err
	}
	options.Dir = account.Folder(options.Dir)
	options.Install, err = options.Install.reachable(account)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(options.Dir, 0o755); err != nil {
		return nil, err
	}
	return &Server{options: options, account: account}, account.Own(options.Dir)
}

// Dir is the folder in use.
func (s *Server) Dir() string { return s.options.Dir }

// Port is the port on 127.0.0.1.
func (s *Server) Port() int { return s.options.Port }

// Password is the superuser's.
func (s *Server) Password() string { return s.password }

// DSN returns the address of a database, with the superuser's password.
func (s *Server) DSN(database string) string {
	dsn := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(Superuser, s.password),
		Host:     net.JoinHostPort("127.0.0.1", strconv.Itoa(s.options.Port)),
		Path:     database,
		RawQuery: "sslmode=disable",
	}
	return dsn.String()
}

func (s *Server) data() string { return filepath.Join(s.options.Dir, "data") }
func (s *Server) log() string  { return filepath.Join(s.options.Dir, "server.log") }

// start starts the server, once more where somebody else took the free port in between.
func (s *Server) start(ctx context.Context) error {
	wanted := s.options.Port
	for attempt := 1; ; attempt++ {
		if wanted == 0 {
			port, err := ports.Free()
			if err != nil {
				return err
			}
			s.options.Port = port
		}
		err := s.startOnce(ctx)
		if err == nil || wanted != 0 || attempt == 3 || !strings.Contains(err.Error(), "could not bind") {
			return err
		}
	}
}

func (s *Server) startOnce(ctx context.Context) error {
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the server holds its own handle
	cmd := exec.Command(s.options.Install.program("postgres"), s.arguments()...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.options.Dir, environment(), log, log
	s.process, err = process.Start(cmd, process.Options{Account: s.account, Gentle: s.options.Durable})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := s.waitReady(ctx); err != nil {
		return errors.Join(err, s.Stop())
	}
	return nil
}

func (s *Server) arguments() []string {
	settings := []string{
		"listen_addresses=127.0.0.1",
		"port=" + strconv.Itoa(s.options.Port),
		"unix_socket_directories=", // everybody comes by 127.0.0.1 and with the password
		"timezone=UTC",
		"log_timezone=UTC",
		"max_connections=200",
		"shared_buffers=128MB",
		"max_wal_size=2GB",
	}
	if !s.options.Durable {
		settings = append(settings, "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	args := []string{"-D", s.data()}
	for _, setting := range append(settings, s.options.Settings...) {
		args = append(args, "-c", setting)
	}
	return args
}

// waitReady returns when the server takes queries, or when it has ended or the context has.
func (s *Server) waitReady(ctx context.Context) error {
	for {
		err := s.ping(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-s.process.Done():
			text, _ := os.ReadFile(s.log())
			return fmt.Errorf("the server ended: %w\n%s", errors.Join(s.process.Err(), err), tail(text, 20))
		case <-ctx.Done():
			return fmt.Errorf("the server does not answer: %w", err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ping connects once. It gives up soon, as whoever holds a taken port may never answer.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.DSN("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

// Stop shuts the server down in order: clients are disconnected, everything is written.
func (s *Server) Stop() error { return s.stop("fast") }

// Crash ends the server as a power failure would: nothing is written, the next start recovers. Only with Durable is
// what was committed safe.
func (s *Server) Crash() error { return s.stop("immediate") }

// Restart starts a stopped server on the port it had, so that its DSN stays valid.
func (s *Server) Restart(ctx context.Context) error { return s.start(ctx) }

func (s *Server) stop(mode string) error {
	select {
	case <-s.process.Done():
		return nil
	default:
	}
	err := s.Run("pg_ctl", "stop", "-D", s.data(), "-m", mode, "-t", strconv.Itoa(int(stopTimeout.Seconds())))
	if err != nil {
		// Not even a server that never wrote its pid file may stay behind.
		err = fmt.Errorf("stop PostgreSQL: %w", errors.Join(err, s.process.Stop(time.Second)))
	}
	<-s.process.Done()
	return err
}

// Standby starts a copy of the server in another folder, with further settings, which follows it and answers questions.
func (s *Server) Standby(ctx context.Context, dir string, settings ...string) (*Server, error) {
	options := s.options
	options.Dir, options.Port, options.Settings = dir, 0, slices.Concat(options.Settings, settings)
	copied, err := prepare(options)
	if err != nil {
		return nil, fmt.Errorf("prepare a standby in %s: %w", dir, err)
	}
	if err := s.Run("pg_basebackup", "--pgdata="+copied.data(), "--write-recovery-conf", "--dbname="+s.DSN("postgres"),
		"--checkpoint=fast", "--no-sync"); err != nil {
		return nil, fmt.Errorf("copy the server: %w", err)
	}
	copied.password = s.password
	if err := copied.start(ctx); err != nil {
		return nil, fmt.Errorf("start a standby in %s: %w", dir, err)
	}
	return copied, nil
}

// Run runs one of the programs as the server's account and returns its output as part of an error.
func (s *Server) Run(program string, args ...string) error {
	var out bytes.Buffer
	cmd := exec.Command(s.options.Install.program(program), args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.options.Dir, environment(), &out, &out
	if err := process.Run(cmd, process.Options{Account: s.account}); err != nil {
		return fmt.Errorf("%s: %w\n%s", program, err, tail(out.Bytes(), 20))
	}
	return nil
}

// environment is ours without what PostgreSQL's programs would take as settings, and with messages we can read.
func environment() []string {
	var kept []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "PG") && !strings.HasPrefix(pair, "LC_") && !strings.HasPrefix(pair, "LANG") {
			kept = append(kept, pair)
		}
	}
	return append(kept, "LC_ALL=C")
}

// tail returns the last lines of a text.
func tail(text []byte, lines int) string {
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
