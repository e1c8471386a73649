package rollup_test

import (
	"context"
	"math/rand/v2"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// A connection lost at any moment, with and without a word from the server, says nothing about the rows.
func TestLostConnections(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	line := newLine(t, pool)
	config := workerConfig(t, pool.Config().ConnString())
	line.lead(config)
	workers, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer workers.Close()
	n := crashes(t, 40)
	all := history(t, 2000, n)
	next := feed(all, n)

	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	var errorsMet atomic.Int32
	go func() {
		ended <- rollup.Run(ctx, workers, rollup.Options{
			BatchSize: 20, Poll: time.Millisecond, MaxPause: 20 * time.Millisecond, OnError: func(error) { errorsMet.Add(1) },
		})
	}()
	for i := range n {
		insert(t, pool, next())
		waitForTransaction(t, pool)
		time.Sleep(rand.N(10 * time.Millisecond))
		if i%2 == 0 {
			line.cut()
		} else if _, err := pool.Exec(ctx, `
			select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1`, workerName); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	drain(t, pool, 1000)
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
	requireNothingRejected(t, pool)
	t.Logf("%d connections lost, %d errors met", n, errorsMet.Load())
	if errorsMet.Load() == 0 {
		t.Error("no loss ever hit the worker: the test means nothing")
	}
}

// waitForTransaction waits until the worker is in one.
func waitForTransaction(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		if count(t, pool, `
			select count(*) from pg_stat_activity where application_name = $1 and xact_start is not null`, workerName) > 0 {
			return
		}
	}
	t.Fatal("the worker is never seen in a transaction")
}

// line is a network that can be cut, or freeze: connections then stay open, and nothing comes through any more.
type line struct {
	port   uint16
	mu     sync.Mutex
	open   []net.Conn
	frozen atomic.Bool
}

// newLine leads to the pool's server.
func newLine(t *testing.T, pool *pgxpool.Pool) *line {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &line{port: uint16(listener.Addr().(*net.TCPAddr).Port)}
	t.Cleanup(func() {
		_ = listener.Close()
		l.cut()
	})
	target := pool.Config().ConnConfig
	go func() {
		for {
			near, err := listener.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", net.JoinHostPort(target.Host, strconv.Itoa(int(target.Port))))
			if err != nil {
				_ = near.Close()
				continue
			}
			l.mu.Lock()
			l.open = append(l.open, near, far)
			l.mu.Unlock()
			go l.pass(far, near)
			go l.pass(near, far)
		}
	}()
	return l
}

// lead makes connections go through the line, and no other way where the server has no TLS.
func (l *line) lead(config *pgxpool.Config) {
	c := config.ConnConfig
	c.Host, c.Port, c.TLSConfig, c.Fallbacks = "127.0.0.1", l.port, nil, nil
}

func (l *line) pass(to, from net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			if !l.frozen.Load() {
				_ = to.Close()
			}
			return
		}
		if l.frozen.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// cut ends all connections without a word.
func (l *line) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, conn := range l.open {
		_ = conn.Close()
	}
	l.open = nil
}
