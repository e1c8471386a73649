package postgres

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/tools/ports"
	"github.com/footfall-analytics/footfall/tools/process"
)

// PoolerConnections is how many connections to a database a Pooler shares among its clients.
const PoolerConnections = 4

// Pooler is a running PgBouncer that gives each transaction another connection to the server.
type Pooler struct {
	dir     string
	port    int
	account *process.Account
	process *process.Process
}

// FindPooler returns PgBouncer's path. Its error says what to install.
func FindPooler() (string, error) {
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} { // Debian's place is on root's PATH only
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("missing pgbouncer: a pooler, for tests behind one (Debian: apt-get install pgbouncer)")
}

// StartPooler starts PgBouncer in transaction mode before a server, in a folder that exists. Everybody is let in, as the
// server's user that config names, to any database.
func StartPooler(ctx context.Context, dir string, server *pgx.ConnConfig) (*Pooler, error) {
	path, err := FindPooler()
	if err != nil {
		return nil, err
	}
	account, err := process.Unprivileged() // PgBouncer, too, refuses to run as root
	if err != nil {
		return nil, err
	}
	p := &Pooler{dir: dir, account: account}
	if p.port, err = ports.Free(); err != nil {
		return nil, err
	}
	if err := os.WriteFile(p.file("ini"), []byte(p.settings(server)), 0o600); err != nil {
		return nil, err
	}
	if err := account.Own(dir); err != nil {
		return nil, err
	}
	cmd := exec.Command(path, "--quiet", p.file("ini"))
	cmd.Dir, cmd.Env = dir, environment()
	if p.process, err = process.Start(cmd, process.Options{Account: account}); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := p.waitReady(ctx, server.Database); err != nil {
		return nil, fmt.Errorf("start PgBouncer: %w", errors.Join(err, p.Stop()))
	}
	return p, nil
}

// settings takes a connection for each transaction in turn, so that what a client leaves on one is missed on the next.
func (p *Pooler) settings(server *pgx.ConnConfig) string {
	password := ""
	if server.Password != "" { // an empty one in quotes is a syntax error to it
		password = " password='" + strings.ReplaceAll(server.Password, "'", "''") + "'"
	}
	return fmt.Sprintf(`[databases]
* = host=%s port=%d user=%s%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %d
unix_socket_dir =
logfile = %s
auth_type = any
pool_mode = transaction
default_pool_size = %d
server_round_robin = 1
max_client_conn = 500
`, server.Host, server.Port, server.User, password, p.port, p.file("log"), PoolerConnections)
}

func (p *Pooler) file(extension string) string { return filepath.Join(p.dir, "pgbouncer."+extension) }

// DSN returns the address of a database behind the pooler.
func (p *Pooler) DSN(database string) string {
	dsn := url.URL{
		Scheme: "postgres", User: url.User(Superuser), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(p.port)),
		Path: database, RawQuery: "sslmode=disable",
	}
	return dsn.String()
}

// waitReady returns when the pooler takes clients, or when it has ended or the context has.
func (p *Pooler) waitReady(ctx context.Context, database string) error {
	for {
		conn, err := pgx.Connect(ctx, p.DSN(database))
		if err == nil {
			return conn.Close(ctx)
		}
		select {
		case <-p.process.Done():
			return fmt.Errorf("it ended: %w\n%s", errors.Join(p.process.Err(), err), p.lastWords())
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w\n%s", err, p.lastWords())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *Pooler) lastWords() string {
	text, err := os.ReadFile(p.file("log"))
	if err != nil {
		return err.Error()
	}
	return tail(text, 20)
}

// Stop ends the pooler and its connections.
func (p *Pooler) Stop() error { return p.process.Stop(10 * time.Second) }
