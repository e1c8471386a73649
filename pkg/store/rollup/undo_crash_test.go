package rollup_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/pkg/testing/testdb"
)

// undoDSN makes the test binary take import 1 back, in steps of a few events.
const undoDSN = "FOOTFALL_TEST_UNDO_DSN"

func beUndo(dsn string) {
	pool, err := pgxpool.New(context.Background(), dsn)
	if err == nil {
		err = pool.Ping(context.Background())
	}
	if err == nil {
		fmt.Println("ready")
		_, err = rollup.Undo(context.Background(), pool, 1, rollup.UndoOptions{Step: 3})
	}
	if err == nil {
		time.Sleep(time.Hour) // until the test kills it
	}
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Killed at any moment while a worker and writers go on, taking an import back is only not done yet: between the kills each
// reader sees a store that adds up, and in the end one without the import.
func TestKilledUndo(t *testing.T) {
	t.Parallel()
	pool := testdb.New(t)
	n := crashes(t, 15)
	newImport(t, pool)
	all := history(t, 7000, 40)
	var arrived, live []event.Row
	for i, r := range all {
		if r.Import = int32(i % 2); rand.IntN(4) == 0 {
			live = append(live, r) // later once more, by a writer
		}
		arrived = append(arrived, r)
	}
	insert(t, pool, arrived)
	drain(t, pool, 1000)
	live = by(0, live)
	insert(t, pool, live[:len(live)/2])
	drain(t, pool, 1000)
	later := live[len(live)/2:]

	ctx, stop := context.WithCancel(context.Background())
	worked := make(chan error)
	go func() { worked <- rollup.Run(ctx, pool, rollup.Options{BatchSize: 20, Poll: time.Millisecond}) }()
	for range n {
		undoing := startProcess(t, pool, undoDSN)
		part := later[:min(len(later), 5)]
		later = later[len(part):]
		insert(t, pool, part)
		time.Sleep(rand.N(800 * time.Millisecond))
		kill(t, undoing)
		reading, cancel := context.WithCancel(ctx)
		time.AfterFunc(50*time.Millisecond, cancel)
		if err := readOn(reading, pool); err != nil {
			t.Fatal(err)
		}
		if text(t, pool, `select state from footfall.imports`) == "undone" {
			break
		}
		t.Logf("killed with %d events left", count(t, pool, `select count(*) from footfall.events where import_id = 1`))
	}
	if text(t, pool, `select state from footfall.imports`) != "undone" {
		undo(t, pool, 1, 100)
	}
	insert(t, pool, later)
	waitUntilEmpty(t, pool)
	stop()
	if err := <-worked; err != nil {
		t.Fatal(err)
	}
	arrived = append(without(arrived, 1), live...)
	requireWorld(t, pool, oracle(parse(t, arrived), defaultRules))
	requireNothingRejected(t, pool)
}
