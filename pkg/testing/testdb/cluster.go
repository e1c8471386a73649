package testdb

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/pkg/store/schema"
	"github.com/footfall-analytics/footfall/tools/postgres"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

// PrivateCluster is a server of one test's own, to be stopped and crashed at will. Its methods fail the test.
type PrivateCluster struct {
	DSN string // a database with schema footfall; stays valid over restarts
	t   testing.TB
	*cluster
}

// Cluster starts a server for this test alone, ended and removed at the test's end. It keeps what is committed through
// crashes. Settings are those of postgresql.conf, as "name=value".
func Cluster(t testing.TB, settings ...string) *PrivateCluster {
	t.Helper()
	install, err := wantedInstall()
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	return clusterOf(t, install, settings)
}

// ClusterWith is Cluster of whatever PostgreSQL there is that brings a program for dumps or copies, such as pg_dump. Where none
// does the test is skipped, and Main says so at the end.
func ClusterWith(t testing.TB, program string) *PrivateCluster {
	t.Helper()
	installs, err := postgres.All()
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	for _, install := range installs {
		if install.Has(program) {
			return clusterOf(t, install, nil)
		}
	}
	unequipped.Add(1)
	t.Skipf("NOT TESTED: no PostgreSQL of this machine has %s", program)
	return nil
}

// Standby starts a server that follows this one, with settings as of Cluster, and returns the address of its copy of the database.
func (p *PrivateCluster) Standby(settings ...string) (dsn string) {
	p.t.Helper()
	dir, err := tempdir.InMemory("footfall-test")
	p.check(err)
	server, err := p.Server.Standby(context.Background(), dir, settings...)
	p.check(err)
	standby := &cluster{Server: server, dir: dir}
	p.t.Cleanup(func() { p.check(standby.remove()) })
	return standby.DSN("postgres")
}

func clusterOf(t testing.TB, install postgres.Install, settings []string) *PrivateCluster {
	t.Helper()
	// Killed processes leave what they wrote to the system: only a machine that fails needs fsync, and recovery is slow with it.
	c, err := startCluster(install, append([]string{"synchronous_commit=on", "full_page_writes=on"}, settings...))
	if err != nil {
		t.Fatalf("testdb: %v", err)
	}
	p := &PrivateCluster{DSN: c.DSN("postgres"), t: t, cluster: c}
	t.Cleanup(func() { p.check(c.remove()) })
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, p.DSN)
	if err == nil {
		_, _, err = schema.Migrate(ctx, conn)
		err = errors.Join(err, conn.Close(ctx))
	}
	p.check(err)
	return p
}

// Crash ends the server as a power failure would; Restart recovers.
func (p *PrivateCluster) Crash() { p.t.Helper(); p.check(p.Server.Crash()) }

// Restart starts the server again after Crash.
func (p *PrivateCluster) Restart() { p.t.Helper(); p.check(p.Server.Restart(context.Background())) }

// Kill ends one backend with SIGKILL (its pid is pg_backend_pid()); the server then disconnects everybody and recovers.
func (p *PrivateCluster) Kill(backend int) {
	p.t.Helper()
	found, err := os.FindProcess(backend)
	if err == nil {
		err = found.Kill()
	}
	p.check(err)
}

func (p *PrivateCluster) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("testdb: %v", err)
	}
}

// cluster is a server in a temporary folder.
type cluster struct {
	*postgres.Server
	dir string
}

func startCluster(install postgres.Install, settings []string) (*cluster, error) {
	dir, err := tempdir.InMemory("footfall-test")
	if err != nil {
		return nil, err
	}
	server, err := postgres.Start(context.Background(), postgres.Options{Install: install, Dir: dir, Settings: settings})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return &cluster{Server: server, dir: dir}, nil
}

// remove stops the server and deletes its data.
func (c *cluster) remove() error {
	return errors.Join(c.Stop(), os.RemoveAll(c.Dir()), os.RemoveAll(c.dir))
}

// wantedInstall is the PostgreSQL that tests run on.
func wantedInstall() (postgres.Install, error) {
	text := os.Getenv("FOOTFALL_TEST_POSTGRES")
	if text == "" {
		return postgres.Find(0)
	}
	major, err := strconv.Atoi(text)
	if err != nil {
		return postgres.Install{}, fmt.Errorf("FOOTFALL_TEST_POSTGRES must be a major version such as 18, not %q", text)
	}
	return postgres.Find(major)
}
