package rollup_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"pgregory.net/rapid"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// workerDSN makes the test binary be a worker, for tests that kill one.
const workerDSN = "FOOTFALL_TEST_WORKER_DSN"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(workerDSN); dsn != "" {
		beWorker(dsn)
	}
	if dsn := os.Getenv(undoDSN); dsn != "" {
		beUndo(dsn)
	}
	testdb.Main(m)
}

func beWorker(dsn string) {
	pool, err := pgxpool.New(context.Background(), dsn)
	if err == nil {
		err = pool.Ping(context.Background())
	}
	if err == nil {
		fmt.Println("ready")
		err = rollup.Run(context.Background(), pool, rollup.Options{BatchSize: 20, Poll: time.Millisecond})
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// crashes is how often the tests below kill; FOOTFALL_TEST_CRASHES overrides it.
func crashes(t *testing.T, usual int) int {
	t.Helper()
	text := os.Getenv("FOOTFALL_TEST_CRASHES")
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("FOOTFALL_TEST_CRASHES: %v", err)
	}
	return n
}

// history is a long random history, the same for the same seed, some of it sent twice.
func history(t *testing.T, seed, slices int) []event.Row {
	t.Helper()
	var all []event.Row
	for i := range slices {
		all = append(all, rapid.Custom(rows).Example(seed+i)...)
	}
	all = unambiguous(t, all)
	return append(all, all[:len(all)/10]...)
}

// A worker's process killed at any moment: nothing is lost, nothing doubled.
func TestKilledWorkers(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	n := crashes(t, 200)
	testdb.BoundTail(t, pool, 20)
	testdb.PackAttributes(t, pool, saidByEvents...)
	all := history(t, 1, n)
	next := feed(all, n)
	insert(t, pool, next())
	span := 2 * timeOfABatch(t, pool) // so that kills hit every part of a batch, on any machine
	for range n - 1 {
		worker := startWorker(t, pool)
		insert(t, pool, next())
		time.Sleep(rand.N(span))
		kill(t, worker)
	}
	byKilled := count(t, pool, `select batches from footfall.worker`)
	drain(t, pool, 1000)
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
	requireNothingRejected(t, pool)
	t.Logf("%d workers killed, within %s each; they committed %d batches before", n, span, byKilled)
}

// startWorker starts a worker in a process of its own and waits until it is connected.
func startWorker(t *testing.T, pool *pgxpool.Pool) *exec.Cmd {
	t.Helper()
	return startProcess(t, pool, workerDSN)
}

// startProcess starts the test binary as what the variable makes of it.
func startProcess(t *testing.T, pool *pgxpool.Pool, variable string) *exec.Cmd {
	t.Helper()
	worker := exec.Command(os.Args[0])
	worker.Env = append(os.Environ(), variable+"="+pool.Config().ConnString())
	output, err := worker.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := worker.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := output.Read(make([]byte, len("ready"))); err != nil {
		t.Fatalf("the worker did not start: %v", err)
	}
	return worker
}

func kill(t *testing.T, worker *exec.Cmd) {
	t.Helper()
	if err := worker.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	var exit *exec.ExitError
	if err := worker.Wait(); !errors.As(err, &exit) || exit.Exited() {
		t.Fatalf("the worker was not killed but ended by itself: %v", err)
	}
}

// timeOfABatch is how long a new worker takes to commit one, which must wait in the inbox.
func timeOfABatch(t *testing.T, pool *pgxpool.Pool) time.Duration {
	t.Helper()
	worker := startWorker(t, pool)
	defer kill(t, worker)
	began := time.Now()
	for time.Since(began) < time.Minute {
		if count(t, pool, `select batches from footfall.worker`) > 0 {
			return time.Since(began)
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the worker does not commit any batch")
	return 0
}

// feed returns a function that returns the next n-th part of the rows.
func feed(all []event.Row, n int) func() []event.Row {
	i := 0
	return func() []event.Row {
		i++
		return all[len(all)*(i-1)/n : len(all)*i/n]
	}
}

func requireNothingRejected(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	if n := count(t, pool, `select count(*) from footfall.rejected`); n != 0 {
		t.Errorf("%d events were rejected", n)
	}
	if n := count(t, pool, `select count(*) from footfall.inbox`); n != 0 {
		t.Errorf("%d events are still in the inbox", n)
	}
}

// A backend of Postgres killed inside the worker's transaction: the server restarts, the worker goes on.
func TestKilledBackends(t *testing.T) {
	t.Parallel()
	cluster := testdb.Cluster(t)
	pool := connectPool(t, cluster.DSN)
	watcher := connectPool(t, cluster.DSN)
	config := workerConfig(t, cluster.DSN)
	workers, err := pgxpool.NewWithConfig(context.Background(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer workers.Close()
	testdb.BoundTail(t, pool, 20)
	testdb.PackAttributes(t, pool, saidByEvents...)
	n := crashes(t, 100)
	all := history(t, 1000, 2*n)
	next := feed(all, n)

	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() {
		ended <- rollup.Run(ctx, workers, rollup.Options{BatchSize: 20, Poll: time.Millisecond, MaxPause: 20 * time.Millisecond})
	}()
	for range n {
		insertAnyway(t, pool, next())
		killBackend(t, watcher)
		time.Sleep(rand.N(50 * time.Millisecond))
	}
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	drainAnyway(t, pool)
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
	requireNothingRejected(t, pool)
	t.Logf("%d backends killed, each in a transaction", n)
}

const workerName = "footfall-test-worker"

func workerConfig(t *testing.T, dsn string) *pgxpool.Config {
	t.Helper()
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		t.Fatal(err)
	}
	config.ConnConfig.RuntimeParams["application_name"] = workerName
	return config
}

// killBackend kills the worker's backend at some moment of a transaction.
func killBackend(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); time.Now().Before(until); time.Sleep(time.Millisecond) {
		var pid int
		if pool.QueryRow(context.Background(), `
			select pid from pg_stat_activity where application_name = $1 and xact_start is not null limit 1`,
			workerName).Scan(&pid) != nil {
			continue
		}
		time.Sleep(rand.N(10 * time.Millisecond))
		if backend, err := os.FindProcess(pid); err == nil && backend.Kill() == nil {
			return
		}
	}
	t.Fatal("the worker is never seen in a transaction")
}

func connectPool(t *testing.T, dsn string) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(context.Background(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// insertAnyway inserts as a writer does that is never sure: until it hears that the rows are committed.
func insertAnyway(t *testing.T, pool *pgxpool.Pool, rows []event.Row) {
	t.Helper()
	for {
		waitUntilUp(t, pool)
		if tryInsert(pool, rows) == nil {
			return
		}
	}
}

// drainAnyway drains even if the last kill only now takes its effect.
func drainAnyway(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for until := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		_, err := rollup.Drain(context.Background(), pool, rollup.Options{})
		if err == nil {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("the inbox cannot be drained: %v", err)
		}
	}
}

func waitUntilUp(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for until := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		err := pool.Ping(context.Background())
		if err == nil {
			return
		}
		if time.Now().After(until) {
			t.Fatalf("the server does not come back: %v", err)
		}
	}
}

// A full disk says nothing about the rows: they stay in the inbox until there is space again.
func TestFullDisk(t *testing.T) {
	ctx := context.Background()
	pool := testdb.New(t)
	// The server's own error for a full disk, raised where events are written.
	if _, err := pool.Exec(ctx, `
		create function full_disk() returns trigger language plpgsql as
			$$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$;
		create trigger full_disk before insert on footfall.sessions execute function full_disk()`); err != nil {
		t.Fatal(err)
	}
	all := history(t, 5000, 3)
	insert(t, pool, all)
	_, err := rollup.Drain(ctx, pool, rollup.Options{})
	var full *pgconn.PgError
	if !errors.As(err, &full) || full.Code != "53100" || !strings.Contains(err.Error(), "No space left") {
		t.Fatalf("got %v, want the full disk", err)
	}
	if n := count(t, pool, `select count(*) from footfall.inbox`); n != len(all) {
		t.Errorf("%d of %d events are in the inbox", n, len(all))
	}
	if _, err := pool.Exec(ctx, `drop function full_disk cascade`); err != nil {
		t.Fatal(err)
	}
	drain(t, pool, 1000)
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
	requireNothingRejected(t, pool)
}
