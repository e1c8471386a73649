// Package testdb gives Go tests databases on a real PostgreSQL.
//
// The server is the one FOOTFALL_TEST_DSN names (a superuser's address), or else one started for the test binary:
// version FOOTFALL_TEST_POSTGRES (15, 18, ...), by default the one postgres.Find prefers. A package that uses it needs
//
//	func TestMain(m *testing.M) { testdb.Main(m) }
package testdb

import (
	"context"
	"flag"
	"fmt"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/schema"
)

// Main runs a package's tests and stops the server they started. Property tests draw FOOTFALL_TEST_CHECKS cases, if given.
func Main(m *testing.M) {
	if checks := os.Getenv("FOOTFALL_TEST_CHECKS"); checks != "" && flag.Lookup("rapid.checks") != nil {
		if err := flag.Set("rapid.checks", checks); err != nil {
			fmt.Fprintln(os.Stderr, "FOOTFALL_TEST_CHECKS:", err)
			os.Exit(2)
		}
	}
	code := m.Run()
	tellUntested()
	if err := shared.close(); err != nil {
		fmt.Fprintln(os.Stderr, "testdb:", err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// New returns a pool on a new database with schema footfall, dropped at the test's end. Its DSN is
// pool.Config().ConnString().
func New(t testing.TB) *pgxpool.Pool {
	t.Helper()
	template, err := shared.template()
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	return create(t, template)
}

// Empty is New without schema footfall.
func Empty(t testing.TB) *pgxpool.Pool {
	t.Helper()
	return create(t, "template0")
}

// Copy is New with what fill has stored. Tests that give the same name share the work: fill runs for the first of them.
func Copy(t testing.TB, name string, fill func(*pgxpool.Pool)) *pgxpool.Pool {
	t.Helper()
	shared.copiesMu.Lock()
	defer shared.copiesMu.Unlock()
	template := fmt.Sprintf("footfall_template_%d_%s", os.Getpid(), name)
	if !slices.Contains(shared.copies, template) {
		filled := New(t)
		fill(filled)
		filled.Close() // nobody may be connected to a database that is copied
		if err := shared.exec(fmt.Sprintf(`create database %s template %s`, template, filled.Config().ConnConfig.Database)); err != nil {
			t.Fatalf("testdb: %v", err)
		}
		shared.copies = append(shared.copies, template)
	}
	return create(t, template)
}

var databases atomic.Int64

// create makes a database as a copy of the template.
func create(t testing.TB, template string) *pgxpool.Pool {
	t.Helper()
	name := fmt.Sprintf("footfall_test_%d_%d", os.Getpid(), databases.Add(1))
	if err := shared.exec(fmt.Sprintf(`create database %s template %s`, name, template)); err != nil {
		t.Fatalf("testdb: %v", err)
	}
	// Registered before the pool's own end, as the last to run.
	t.Cleanup(func() {
		if err := shared.exec(fmt.Sprintf(`drop database if exists %s with (force)`, name)); err != nil {
			t.Errorf("testdb: %v", err)
		}
	})
	dsn, err := shared.dsn(name)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	return Connect(t, dsn)
}

// AsDatasource is a pool on the same database that asks as the datasource does: without prepared statements.
func AsDatasource(t testing.TB, pool *pgxpool.Pool) *pgxpool.Pool {
	t.Helper()
	return Connect(t, pool.Config().ConnString()+"&default_query_exec_mode=exec")
}

// Connect returns a pool on any database, closed at the test's end. A test that does not give its connections back
// fails.
func Connect(t testing.TB, dsn string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), dsn)
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	t.Cleanup(func() {
		closed := make(chan struct{})
		go func() { pool.Close(); close(closed) }()
		select {
		case <-closed:
		case <-time.After(10 * time.Second):
			t.Errorf("testdb: %d connections were not given back to the pool", pool.Stat().AcquiredConns())
		}
	})
	return pool
}

// shared is the server of this test binary, started by the first test that needs it.
var shared = &server{}

type server struct {
	startOnce, migrateOnce sync.Once
	startErr, migrateErr   error

	admin   *pgx.ConnConfig // the superuser's address
	stop    func() error
	execMu  sync.Mutex // one at a time copies a template: PostgreSQL allows no connection to it meanwhile
	migrate string     // the migrated template

	copiesMu sync.Mutex
	copies   []string // templates that Copy made
}

// start connects to the given server or starts one.
func (s *server) start() error {
	s.startOnce.Do(func() {
		dsn := os.Getenv("FOOTFALL_TEST_DSN")
		s.stop = func() error { return nil }
		if dsn == "" {
			install, err := wantedInstall()
			if err != nil {
				s.startErr = err
				return
			}
			cluster, err := startCluster(install, nil)
			if err != nil {
				s.startErr = err
				return
			}
			dsn, s.stop = cluster.DSN("postgres"), cluster.remove
		}
		s.admin, s.startErr = pgx.ParseConfig(dsn)
	})
	return s.startErr
}

// template returns the name of the migrated database that New copies.
func (s *server) template() (string, error) {
	s.migrateOnce.Do(func() { s.migrateErr = s.migrateTemplate() })
	return s.migrate, s.migrateErr
}

func (s *server) migrateTemplate() error {
	s.migrate = fmt.Sprintf("footfall_template_%d", os.Getpid())
	if err := s.exec(fmt.Sprintf(`create database %s template template0`, s.migrate)); err != nil {
		return err
	}
	ctx := context.Background()
	config := s.admin.Copy()
	config.Database = s.migrate
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect to the template database: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is written any more
	_, _, err = schema.Migrate(ctx, conn)
	return err
}

// exec runs a statement on the server's own database.
func (s *server) exec(sql string) error {
	if err := s.start(); err != nil {
		return err
	}
	s.execMu.Lock()
	defer s.execMu.Unlock()
	ctx := context.Background()
	conn, err := pgx.ConnectConfig(ctx, s.admin)
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // nothing is written any more
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

// dsn returns the address of a database of the server.
func (s *server) dsn(database string) (string, error) {
	if err := s.start(); err != nil {
		return "", err
	}
	return withDatabase(s.admin.ConnString(), database)
}

// close drops what is left and stops the server, if one was started.
func (s *server) close() error {
	if s.admin == nil {
		return nil
	}
	for _, template := range append(s.copies, s.migrate) {
		if template == "" {
			continue
		}
		if err := s.exec(fmt.Sprintf(`drop database if exists %s with (force)`, template)); err != nil {
			return err
		}
	}
	return s.stop()
}

// withDatabase changes the database of an address in either of the forms libpq knows.
func withDatabase(dsn, database string) (string, error) {
	if !strings.Contains(dsn, "://") {
		return dsn + " dbname=" + database, nil // the last one counts
	}
	address, err := url.Parse(dsn)
	if err != nil {
		return "", fmt.Errorf("FOOTFALL_TEST_DSN: %w", err)
	}
	address.Path = "/" + database
	return address.String(), nil
}
