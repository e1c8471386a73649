package postgres

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// parentEnv makes the test binary a program that starts a server in the folder it names, and waits to be killed.
const parentEnv = "FOOTFALL_TEST_PARENT_OF_SERVER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(parentEnv); dir != "" {
		beParent(dir)
	}
	os.Exit(m.Run())
}

func beParent(dir string) {
	install, err := Find(0)
	if err == nil {
		var server *Server
		if server, err = Start(context.Background(), Options{Install: install, Dir: dir}); err == nil {
			fmt.Println(server.Port())
			select {}
		}
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// folder is a temporary folder the server's account can enter; testing's own are closed to others.
func folder(t *testing.T) string {
	dir, err := os.MkdirTemp("", "footfall-postgres-")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	return dir
}

func startServer(t *testing.T, options Options) *Server {
	t.Helper()
	install, err := Find(0)
	require.NoError(t, err)
	options.Install = install
	server, err := Start(context.Background(), options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop()) })
	return server
}

func query[T any](t *testing.T, server *Server, sql string) T {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, server.DSN("postgres"))
	require.NoError(t, err)
	defer conn.Close(ctx) //nolint:errcheck // the query's result counts
	var value T
	require.NoError(t, conn.QueryRow(ctx, sql).Scan(&value))
	return value
}

func TestServerKnowsAllLettersAndListensHereOnly(t *testing.T) {
	server := startServer(t, Options{Dir: folder(t)})
	require.Equal(t, "UTF8", query[string](t, server, `show server_encoding`))
	require.Equal(t, "äöü é", query[string](t, server, `select lower('ÄÖÜ É')`))
	require.Equal(t, "127.0.0.1", query[string](t, server, `show listen_addresses`))
	require.Equal(t, strconv.Itoa(server.options.Install.Major*10000),
		query[string](t, server, `select (current_setting('server_version_num')::int / 10000 * 10000)::text`))
}

func TestServerAsksForThePassword(t *testing.T) {
	server := startServer(t, Options{Dir: folder(t)})
	dsn, err := url.Parse(server.DSN("postgres"))
	require.NoError(t, err)
	dsn.User = url.UserPassword(Superuser, "wrong")
	_, err = pgx.Connect(context.Background(), dsn.String())
	var refused *pgconn.PgError
	require.ErrorAs(t, err, &refused)
	require.Equal(t, "28P01", refused.Code)
}

func TestServerKeepsItsDataAndPassword(t *testing.T) {
	ctx, dir := context.Background(), folder(t)
	first := startServer(t, Options{Dir: dir, Durable: true})
	conn, err := pgx.Connect(ctx, first.DSN("postgres"))
	require.NoError(t, err)
	_, err = conn.Exec(ctx, `create table kept (value int); insert into kept values (42)`)
	require.NoError(t, err)
	require.NoError(t, conn.Close(ctx))

	require.NoError(t, first.Crash())
	require.NoError(t, first.Restart(ctx))
	require.Equal(t, 42, query[int](t, first, `select value from kept`), "after a crash")

	require.NoError(t, first.Stop())
	second := startServer(t, Options{Dir: dir, Durable: true})
	require.Equal(t, 42, query[int](t, second, `select value from kept`), "after a new start")
	require.Equal(t, first.Password(), second.Password())
}

func TestServerRefusesATakenPort(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close() //nolint:errcheck // the test is over
	install, err := Find(0)
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	_, err = Start(context.Background(), Options{Install: install, Dir: folder(t), Port: port})
	require.ErrorContains(t, err, "could not bind")
}

func TestServerRefusesDataOfAnotherVersion(t *testing.T) {
	dir := folder(t)
	require.NoError(t, os.Mkdir(filepath.Join(dir, "data"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "data", "PG_VERSION"), []byte("9\n"), 0o644))
	install, err := Find(0)
	require.NoError(t, err)
	_, err = Start(context.Background(), Options{Install: install, Dir: dir})
	require.ErrorContains(t, err, "data of PostgreSQL 9")
}

func TestServerDiesWithItsParent(t *testing.T) {
	program, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(program)
	cmd.Env = append(os.Environ(), parentEnv+"="+folder(t))
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	line := make([]byte, 16)
	n, err := out.Read(line)
	require.NoError(t, err)
	address := net.JoinHostPort("127.0.0.1", strings.TrimSpace(string(line[:n])))

	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	require.Eventually(t, func() bool {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	}, 10*time.Second, 50*time.Millisecond, "the server outlived its parent")
}
