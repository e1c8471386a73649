package plugin

import (
	"io"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// freezer passes bytes on to a server until it freezes: then connections stay open and nothing comes through any more, as
// when a machine on the way loses its power.
type freezer struct {
	address string
	frozen  chan struct{}
	freeze  func()
}

func newFreezer(t *testing.T, server string) *freezer {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	f := &freezer{address: listener.Addr().String(), frozen: make(chan struct{})}
	f.freeze = sync.OnceFunc(func() { close(f.frozen) })
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended); _ = listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer client.Close() //nolint:errcheck // a test's connection
				if target, err := net.Dial("tcp", server); err == nil {
					defer target.Close() //nolint:errcheck // a test's connection
					go f.pass(client, target)
					go f.pass(target, client)
				}
				<-ended
			}()
		}
	}()
	return f
}

func (f *freezer) pass(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		select {
		case <-f.frozen:
			return
		default:
		}
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			if err == io.EOF {
				_ = to.(*net.TCPConn).CloseWrite()
			}
			return
		}
	}
}

// Without deadlines of our own each of these would wait until somebody restarts Grafana: this test then never ends.
func TestNothingWaitsForAServerThatIsGone(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	s := storedFor(db)
	f := newFreezer(t, s.url)
	s.url = f.address
	s.json["statementTimeout"], s.json["connectTimeout"], s.json["maxOpenConns"] = 1, 1, 2
	c := start(t, s)
	require.NoError(t, c.query(t.Context(), t, `{}`).Error)

	f.freeze()

	var all sync.WaitGroup
	all.Go(func() {
		response := c.query(t.Context(), t, `{}`)
		require.Error(t, response.Error)
		require.Equal(t, backend.ErrorSourceDownstream, response.ErrorSource, response.Error)
	})
	all.Go(func() {
		result := c.health(t)
		require.Equal(t, backend.HealthStatusError, result.Status)
	})
	all.Go(func() {
		status, text := c.resource(t, http.MethodGet, "attributes")
		require.GreaterOrEqual(t, status, 400, text)
	})
	all.Wait()
	require.Contains(t, c.query(t.Context(), t, `{}`).Error.Error(), "No answer in time")
}

// A health check that waits behind slow queries says so.
func TestHealthTellsThatAllConnectionsAreInUse(t *testing.T) {
	t.Parallel()
	db := testdb.New(t)
	storeUser(t, db, 1, "u-1")
	s := storedFor(db)
	s.json["statementTimeout"], s.json["connectTimeout"], s.json["maxOpenConns"] = 20, 1, 1
	c := start(t, s)
	tx, err := db.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `lock table footfall.profiles in access exclusive mode`)
	require.NoError(t, err)
	slow := make(chan backend.DataResponse)
	go func() { slow <- c.query(t.Context(), t, `{}`) }()
	require.Eventually(t, func() bool {
		var waiting int
		require.NoError(t, tx.QueryRow(t.Context(), `select count(*) from pg_locks where not granted and locktype = 'relation'
			and database = (select oid from pg_database where datname = current_database())`).Scan(&waiting))
		return waiting > 0
	}, time.Minute, 20*time.Millisecond)

	result := c.health(t)

	require.Equal(t, backend.HealthStatusError, result.Status)
	require.Contains(t, result.Message, "Busy: 1 of 1 connections are in use")
	require.NoError(t, tx.Rollback(t.Context()))
	require.NoError(t, (<-slow).Error)
	require.Equal(t, backend.HealthStatusOk, c.health(t).Status)
}
