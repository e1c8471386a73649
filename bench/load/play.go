package load

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// playAll plays scenarios and prints a line for each.
func (r *run) playAll(ctx context.Context, chosen []scenario) error {
	r.say("%d events, PostgreSQL %s\n\n", r.rows, r.store.Version)
	r.say("| scenario | rows | events/s | written in | done in | events/s of first, last tenth |" +
		" CPU s per million: program, server | most waiting | inbox MB | WAL bytes an event | times a session was packed |\n" +
		"|---|---|---|---|---|---|---|---|---|---|---|\n")
	var printSizes func()
	made := map[bool]scenarioDigest{} // with and without session ids
	for _, s := range chosen {
		if err := r.playOne(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		if printSizes == nil {
			printSizes = r.sizes(ctx) // read now, printed below the table
		}
		found, err := r.digest(ctx)
		if err != nil {
			return err
		}
		if first, seen := made[s.gaps]; !seen {
			made[s.gaps] = scenarioDigest{s.name, found}
		} else if first.digest != found {
			return fmt.Errorf("%s made %s, %s made %s", first.name, first.digest, s.name, found)
		}
	}
	printSizes()
	return nil
}

type scenarioDigest struct{ name, digest string }

// digest tells what sessions there are: the same of all orders in which events may come.
func (r *run) digest(ctx context.Context) (string, error) {
	var text string
	err := r.conn.QueryRow(ctx, `
		select format('%s events, %s sessions, %s', (select count(*) from footfall.events), count(*), md5(string_agg(line, e'\n' order by line)))
		  from (select concat_ws(' ', u.id, s.start_ts, s.end_ts, s.events, s.views, s.actions, s.frustrations, s.offsets) as line
		          from footfall.sessions s
		          join footfall.user_keys u on u.key = s.user_key) sessions`).Scan(&text)
	if err != nil {
		return "", fmt.Errorf("read what came of the events: %w", err)
	}
	return text, nil
}

func (r *run) playOne(ctx context.Context, s scenario) error {
	if err := r.renew(ctx); err != nil {
		return err
	}
	rows, err := r.stage(ctx, s)
	if err != nil {
		return err
	}
	if r.Statements {
		if _, err := r.conn.Exec(ctx, `
			create extension if not exists pg_stat_statements;
			select pg_stat_statements_reset()`); err != nil {
			return err
		}
	}
	own, server, err := r.spent(ctx)
	if err != nil {
		return err
	}
	before, err := r.wrote(ctx)
	if err != nil {
		return err
	}
	result, err := r.play(ctx, s, rows)
	if err != nil {
		return err
	}
	ownAfter, serverAfter, err := r.spent(ctx)
	if err != nil {
		return err
	}
	after, err := r.wrote(ctx)
	if err != nil {
		return err
	}
	r.say("| %s | %d | %.0f | %v | %v | %.0f, %.0f | %.0f, %.0f | %d | %d | %d | %.2f |\n", s.name, rows.rows,
		float64(rows.rows)/result.done.Seconds(), result.written.Round(time.Second), result.done.Round(time.Second),
		result.firstTenth, result.lastTenth,
		perMillion(ownAfter-own, rows.rows), perMillion(serverAfter-server, rows.rows), result.mostWaiting, after.inbox>>20,
		(after.wal-before.wal)/rows.rows, after.packed)
	if r.Statements {
		if err := r.printStatements(ctx); err != nil {
			return err
		}
	}
	return errors.Join(rows.file.Close(), os.Remove(rows.file.Name()))
}

// wrote is what the server has written so far.
type wrote struct {
	inbox, wal int64   // bytes: what the inbox takes, and of WAL
	packed     float64 // how often a session was packed, on average: into the tail, and into the blocks that there are
}

const wroteSQL = `
select pg_table_size('footfall.inbox'), pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,
       (coalesce(pg_stat_get_tuples_inserted('footfall.tail'::regclass), 0) + coalesce((select sum(sessions) from footfall.blocks), 0))::float8
       / greatest((select count(*) from footfall.sessions), 1)`

func (r *run) wrote(ctx context.Context) (w wrote, err error) {
	if err = r.conn.QueryRow(ctx, wroteSQL).Scan(&w.inbox, &w.wal, &w.packed); err != nil {
		return w, fmt.Errorf("read what was written: %w", err)
	}
	return w, nil
}

// spent is the processor time so far of this program, which has the worker and the writers, and of the server.
func (r *run) spent(ctx context.Context) (own, server time.Duration, err error) {
	var backend int
	if err := r.conn.QueryRow(ctx, `select pg_backend_pid()`).Scan(&backend); err != nil {
		return 0, 0, fmt.Errorf("find the server's process: %w", err)
	}
	return machine.Spent(os.Getpid()), machine.SpentByServer(backend), nil
}

func perMillion(spent time.Duration, rows int64) float64 {
	return spent.Seconds() * 1e6 / float64(rows)
}

// result of a scenario.
type result struct {
	written, done         time.Duration // until the last row was in the inbox, and in the tables
	firstTenth, lastTenth float64       // events/s
	mostWaiting           int64
}

// play lets writers append all rows while a worker rolls them up.
func (r *run) play(ctx context.Context, s scenario, rows *staged) (result, error) {
	dsn := r.store.DSN("postgres")
	pool, err := pgxpool.New(ctx, dsn)
	if err != nil {
		return result{}, err
	}
	defer pool.Close()
	if s.snapshot {
		release, err := hold(ctx, pool)
		if err != nil {
			return result{}, err
		}
		defer release()
	}
	var out result
	var written, taken, next atomic.Int64
	started := time.Now()
	writers, writing := errgroup.WithContext(ctx)
	for range s.writers {
		writers.Go(func() error { return write(writing, dsn, rows, &next, &written) })
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	marks := []time.Duration{0}
	worker := rollup.Options{BatchSize: r.Batch, Poll: 50 * time.Millisecond, Logf: warn, OnBatch: func(batch rollup.Report) {
		n := taken.Add(batch.Taken)
		out.mostWaiting = max(out.mostWaiting, written.Load()-n)
		for int64(len(marks))*rows.rows/10 <= n {
			marks = append(marks, time.Since(started))
		}
		if n == rows.rows {
			stop()
		}
	}}
	var wait errgroup.Group
	wait.Go(func() error { return rollup.Run(working, pool, worker) })
	if err := writers.Wait(); err != nil {
		stop()
		return result{}, err
	}
	out.written = time.Since(started)
	if err := wait.Wait(); err != nil {
		return result{}, err
	}
	if taken.Load() != rows.rows {
		return result{}, fmt.Errorf("%d of %d rows were taken: %w", taken.Load(), rows.rows, ctx.Err())
	}
	tenth := float64(rows.rows) / 10
	out.done = marks[10]
	out.firstTenth, out.lastTenth = tenth/marks[1].Seconds(), tenth/(marks[10]-marks[9]).Seconds()
	return out, nil
}

func warn(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }

// write copies chunks until none is left.
func write(ctx context.Context, dsn string, rows *staged, next, written *atomic.Int64) error {
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // all is committed
	for i := int(next.Add(1) - 1); i < len(rows.chunks); i = int(next.Add(1) - 1) {
		if _, err := conn.PgConn().CopyFrom(ctx, rows.chunk(i), `copy footfall.inbox (`+data.ColumnNames()+`) from stdin`); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		written.Add(int64(rows.chunks[i].rows))
	}
	return nil
}

// hold opens a snapshot, as a long query does.
func hold(ctx context.Context, pool *pgxpool.Pool) (release func(), err error) {
	tx, err := pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead})
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `select count(*) from footfall.profiles`)
	return func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }, err
}

// sizes reads what tables and indexes take now, and returns a function that prints it.
func (r *run) sizes(ctx context.Context) func() {
	rows, err := r.conn.Query(ctx, `
		select regexp_replace(coalesce(t.relname, c.relname), '_[0-9]{4}_[0-9]{2}', '') as of,
		       regexp_replace(case when c.relkind = 'i' then c.relname else 'table' end, '_[0-9]{4}_[0-9]{2}', '') as what,
		       sum(case when c.relkind = 'i' then pg_relation_size(c.oid) else pg_table_size(c.oid) end) / $1 as bytes
		  from pg_class c
		  left join pg_index i on i.indexrelid = c.oid
		  left join pg_class t on t.oid = i.indrelid
		 where c.relnamespace = 'footfall'::regnamespace and c.relkind in ('r', 'i')
		   and coalesce(t.relname, c.relname) <> 'inbox'
		 group by 1, 2
		having sum(pg_relation_size(c.oid)) / $1 >= 0.05
		 order by 1, 3 desc`, float64(r.rows))
	if err != nil {
		return func() { warn("sizes: %v", err) }
	}
	type size struct {
		Of, What string
		Bytes    float64
	}
	sizes, err := pgx.CollectRows(rows, pgx.RowToStructByPos[size])
	return func() {
		if err != nil {
			warn("sizes: %v", err)
			return
		}
		var sum float64
		r.say("\n| table | part | MB per million events |\n|---|---|---|\n")
		for _, s := range sizes {
			r.say("| %s | %s | %.1f |\n", s.Of, s.What, s.Bytes)
			sum += s.Bytes
		}
		r.say("| all | | %.1f |\n", sum)
	}
}

// printStatements prints the statements that took longest.
func (r *run) printStatements(ctx context.Context) error {
	rows, err := r.conn.Query(ctx, `
		select format('%6s s %5s calls  %s', round(total_exec_time / 1000)::int, calls,
		              left(regexp_replace(query, '\s+', ' ', 'g'), 100))
		  from pg_stat_statements
		 order by total_exec_time desc
		 limit 20`)
	if err != nil {
		return fmt.Errorf("read pg_stat_statements: %w", err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("read pg_stat_statements: %w", err)
	}
	for _, line := range lines {
		warn("%s", line)
	}
	return nil
}
