package crowd

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/pkg/ingest"
	"github.com/footfall-analytics/footfall/pkg/store/event"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// batchRows is how many events a writer commits at a time.
const batchRows = 1000

// appendRows writes events as collectors do, several at the same time.
func appendRows(ctx context.Context, pool *pgxpool.Pool, rows []event.Row) error {
	group, ctx := errgroup.WithContext(ctx)
	for part := range slices.Chunk(rows, batchRows) {
		group.Go(func() error {
			_, err := ingest.CopyRows(ctx, pool, func() (row *event.Row, err error) {
				if len(part) > 0 {
					row, part = &part[0], part[1:]
				}
				return row, nil
			})
			return err
		})
	}
	return group.Wait()
}

// counters are what is looked at while people read.
type counters struct {
	connections int64 // of the executable
	waiting     int64 // events in the inbox
	wal         int64 // bytes written since the server began
	tail        int64 // sessions
	memory      int64 // bytes of the executable, at most
}

const countersSQL = `
select (select count(*) from pg_stat_activity where application_name = 'footfall-datasource'),
       pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,
       (select count(*) from footfall.tail)`

func (r *run) look(ctx context.Context) (c counters, err error) {
	if err = r.pool.QueryRow(ctx, countersSQL).Scan(&c.connections, &c.wal, &c.tail); err != nil {
		return c, fmt.Errorf("look at the store: %w", err)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	c.memory, c.waiting = machine.PeakMemory(r.footfall.Process()), r.sent-r.taken
	return c, nil
}

// watch keeps the greatest of what it sees, from time to time.
func (r *run) watch(ctx context.Context) error {
	for sleep(ctx, 2*time.Second) {
		c, err := r.look(ctx)
		if err != nil {
			return unlessOver(ctx, err)
		}
		r.most.connections, r.most.waiting = max(r.most.connections, c.connections), max(r.most.waiting, c.waiting)
		r.most.tail = max(r.most.tail, c.tail)
	}
	return nil
}

// report prints what people waited for, and what it took. Times are in ms.
func (r *run) report(base int64, before, after counters) {
	r.say("\n%d people, each with %d questions at once and %s between; %d events/s for %s; load average %s\n\n",
		r.People, perPage, r.Pause, r.Rate, r.For, machine.Load())
	r.say("| question | asked | p50 | p95 | p99 |\n|---|---|---|---|---|\n")
	var all []time.Duration
	for _, q := range r.Questions {
		if waited := r.waited[q.Name]; len(waited) > 0 {
			r.reportLine(q.Name, waited)
			all = append(all, waited...)
		}
	}
	r.reportLine("**all**", all)
	failures := 0
	for _, n := range r.failed {
		failures += n
	}
	r.say("\n%d failed. The executable took at most %d MB over the %d MB it has at rest, and %d connections.\n",
		failures, (after.memory-base)>>20, base>>20, r.most.connections)
	r.say("%d events came in, %d were rolled up, at most %d waited. %d bytes of WAL for each of them; sessions in the tail: %d before, at most %d.\n",
		r.sent, r.taken, r.most.waiting, (after.wal-before.wal)/max(r.taken, 1), before.tail, r.most.tail)
}

func (r *run) reportLine(name string, waited []time.Duration) {
	slices.Sort(waited)
	at := func(share float64) int64 {
		if len(waited) == 0 {
			return 0
		}
		return waited[int(share*float64(len(waited)-1))].Milliseconds()
	}
	r.say("| %s | %d | %d | %d | %d |\n", name, len(waited), at(0.5), at(0.95), at(0.99))
}
