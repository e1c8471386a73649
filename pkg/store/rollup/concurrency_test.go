package rollup_test

import (
	"context"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// Writers with rows and with COPY, workers that compete, readers with long snapshots, all at once: nothing is lost or
// doubled, and nobody gets into a deadlock or an error.
func TestConcurrentWritersWorkersAndReaders(t *testing.T) {
	cluster := testdb.Cluster(t)
	pool := connectPool(t, cluster.DSN+"&pool_max_conns=20")
	testdb.BoundTail(t, pool, 40)
	testdb.PackAttributes(t, pool, saidByEvents...)
	before := serverLog(t, cluster)
	const writers, workers, readers = 8, 3, 2
	all := history(t, 3000, 60)
	for i := range all {
		// One identity with two payloads would let the order of arrival decide, which nobody knows here.
		all[i].ID = fmt.Sprint(i)
	}
	next := feed(all, writers)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var writing, others errgroup.Group
	for i := range writers {
		part, send := next(), tryInsert
		if i%2 == 1 {
			send = tryInsertRows
		}
		writing.Go(func() error { return sendInParts(pool, part, send) })
	}
	for range workers {
		others.Go(func() error {
			return rollup.Run(ctx, pool, rollup.Options{BatchSize: 100, Poll: time.Millisecond, OnError: func(err error) {
				t.Errorf("a worker met an error: %v", err)
			}})
		})
	}
	for range readers {
		others.Go(func() error { return readOn(ctx, pool) })
	}
	if err := writing.Wait(); err != nil {
		t.Fatal(err)
	}
	waitUntilEmpty(t, pool)
	log := serverLog(t, cluster)[len(before):] // a worker that is stopped while it seals leaves an error there
	stop()
	if err := others.Wait(); err != nil {
		t.Fatal(err)
	}
	want := oracle(parse(t, all), defaultRules)
	requireWorld(t, pool, want)
	requireTotals(t, pool, want)
	requireNames(t, pool, parse(t, all))
	requireNothingRejected(t, pool)
	for line := range strings.Lines(log) {
		if strings.Contains(line, "ERROR") && !strings.Contains(line, "canceling statement") || strings.Contains(line, "PANIC") {
			t.Errorf("the server's log says: %s", line) // a deadlock is an ERROR
		}
	}
	if n := count(t, pool, `select pg_table_size('footfall.inbox')`); n > 16<<20 {
		t.Errorf("the inbox takes %d bytes", n)
	}
}

func serverLog(t *testing.T, cluster *testdb.PrivateCluster) string {
	t.Helper()
	log, err := os.ReadFile(filepath.Join(cluster.Dir(), "server.log"))
	if err != nil {
		t.Fatal(err)
	}
	return string(log)
}

// sendInParts sends rows in commits of few.
func sendInParts(pool *pgxpool.Pool, rows []event.Row, send func(*pgxpool.Pool, []event.Row) error) error {
	for len(rows) > 0 {
		n := min(len(rows), 1+rand.N(20))
		if err := send(pool, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// tryInsertRows inserts single rows in one transaction.
func tryInsertRows(pool *pgxpool.Pool, rows []event.Row) error {
	columns, places := []string{event.AttributesColumn}, []string{"$1"}
	for i, field := range event.Fields {
		columns, places = append(columns, field.Column), append(places, fmt.Sprint("$", i+2))
	}
	sql := fmt.Sprintf(`insert into footfall.inbox (%s) values (%s)`, strings.Join(columns, ", "), strings.Join(places, ", "))
	return pgx.BeginFunc(context.Background(), pool, func(tx pgx.Tx) error {
		for i := range rows {
			values := []any{orNull(rows[i].Attributes)}
			for _, field := range event.Fields {
				values = append(values, orNull(*field.Of(&rows[i])))
			}
			if _, err := tx.Exec(context.Background(), sql, values...); err != nil {
				return err
			}
		}
		return nil
	})
}

// readOn opens one snapshot after another; within each, events and profiles agree on how many events there are.
func readOn(ctx context.Context, pool *pgxpool.Pool) error {
	for ctx.Err() == nil {
		err := pgx.BeginTxFunc(context.Background(), pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead}, func(tx pgx.Tx) error {
			for range 3 {
				var events, inSessions, told, unpacked int
				sealed, err := living(context.Background(), tx)
				if err != nil {
					return err
				}
				if err := tx.QueryRow(context.Background(), `
					select (select count(*) from footfall.events),
					       (select coalesce(sum(events), 0) from footfall.sessions)
					         + (select count(*) from footfall.events where session_key = 0),
					       (select events from footfall.worker),
					       (select count(*) from footfall.sessions) - (select count(*) from footfall.tail)`).Scan(
					&events, &inSessions, &told, &unpacked); err != nil {
					return err
				}
				if unpacked -= sealed; events != inSessions || events != told || unpacked != 0 {
					return fmt.Errorf("a reader sees %d events, %d in sessions, %d told by the worker, and %d sessions more than packed ones",
						events, inSessions, told, unpacked)
				}
				time.Sleep(rand.N(100 * time.Millisecond))
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func waitUntilEmpty(t *testing.T, pool *pgxpool.Pool) {
	t.Helper()
	for until := time.Now().Add(5 * time.Minute); count(t, pool, `select count(*) from footfall.inbox`) > 0; {
		if time.Now().After(until) {
			t.Fatal("the inbox does not become empty")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// Under a long snapshot no vacuum can free the rows taken from the inbox; the worker gives the space back all the same,
// and the reader's snapshot stays as it was.
func TestInboxStaysSmallUnderALongSnapshot(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	pool := testdb.New(t)
	reader, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Rollback(ctx) }()
	var before, after int
	if err := reader.QueryRow(ctx, `select count(*) from footfall.events`).Scan(&before); err != nil {
		t.Fatal(err)
	}
	var all []event.Row
	for i := range 300 {
		text := make([]byte, 20_000) // does not compress
		for j := range text {
			text[j] = byte(rand.Uint32())
		}
		all = append(all, event.Row{
			TS: "2025-05-17T10:05:03Z", Type: "view", ID: fmt.Sprint(i), UserID: "ann", SessionID: "s",
			Attributes: `{"blob":"` + hex.EncodeToString(text) + `"}`,
		})
	}
	insert(t, pool, all)
	if n := count(t, pool, `select pg_table_size('footfall.inbox')`); n < 10<<20 {
		t.Fatalf("the inbox takes %d bytes only: the test means nothing", n)
	}
	working, stop := context.WithCancel(ctx)
	ended := make(chan error)
	go func() { ended <- rollup.Run(working, pool, rollup.Options{Poll: 10 * time.Millisecond}) }()
	for until := time.Now().Add(2 * time.Minute); count(t, pool, `select pg_table_size('footfall.inbox')`) > 1<<20; {
		if time.Now().After(until) {
			t.Fatal("the inbox does not become small")
		}
		time.Sleep(100 * time.Millisecond)
	}
	insert(t, pool, all[:10])
	waitUntilEmpty(t, pool)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	if err := reader.QueryRow(ctx, `select count(*) from footfall.events`).Scan(&after); err != nil || after != before {
		t.Errorf("the reader's snapshot changed from %d to %d events: %v", before, after, err)
	}
	requireWorld(t, pool, oracle(parse(t, all), defaultRules))
	insert(t, pool, all)
	drain(t, pool, 1000)
	if n := count(t, pool, `select pg_table_size('footfall.inbox')`); n > 1<<20 {
		t.Errorf("the inbox takes %d bytes after a worker that ends when it is empty", n)
	}
}
