package main

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

	"github.com/footfall-analytics/footfall/pkg/store/rollup"
)

func measure(ctx context.Context, conn *pgx.Conn, dir string, o options, chosen []scenario) error {
	started := time.Now()
	n, err := generate(ctx, conn, o)
	if err != nil {
		return err
	}
	fmt.Printf("%d events of %d users over %d days, made in %v\n\n", n, o.users, o.days, time.Since(started).Round(time.Second))
	fmt.Println("| scenario | rows | events/s | written in | done in | events/s of first, last tenth |" +
		" CPU s per million: program, server | most waiting | inbox MB |")
	fmt.Println("|---|---|---|---|---|---|---|---|---|")
	for i, s := range chosen {
		if err := renew(ctx, conn); err != nil {
			return err
		}
		rows, err := stage(ctx, conn, dir, s)
		if err != nil {
			return err
		}
		if o.explain {
			if _, err := conn.Exec(ctx, `
				create extension if not exists pg_stat_statements;
				select pg_stat_statements_reset()`); err != nil {
				return err
			}
		}
		before, err := readCPU(ctx, conn)
		if err != nil {
			return err
		}
		result, err := play(ctx, o, s, rows)
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, err)
		}
		after, err := readCPU(ctx, conn)
		if err != nil {
			return err
		}
		var inbox int64
		if err := conn.QueryRow(ctx, `select pg_table_size('footfall.inbox')`).Scan(&inbox); err != nil {
			return err
		}
		fmt.Printf("| %s | %d | %.0f | %v | %v | %.0f, %.0f | %.0f, %.0f | %d | %d |\n", s.name, rows.rows,
			float64(rows.rows)/result.done.Seconds(), result.written.Round(time.Second), result.done.Round(time.Second),
			result.firstTenth, result.lastTenth,
			perMillion(after.own-before.own, rows.rows), perMillion(after.server-before.server, rows.rows), result.mostWaiting, inbox>>20)
		if o.explain {
			if err := printStatements(ctx, conn); err != nil {
				return err
			}
		}
		if i == 0 {
			defer printSizes(ctx, conn, n)() // read now, printed below the table
		}
		if err := errors.Join(rows.file.Close(), os.Remove(rows.file.Name())); err != nil {
			return err
		}
	}
	return nil
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
func play(ctx context.Context, o options, s scenario, rows *staged) (result, error) {
	pool, err := pgxpool.New(ctx, o.dsn)
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
	var r result
	var written, taken, next atomic.Int64
	started := time.Now()
	writers, writing := errgroup.WithContext(ctx)
	for range s.writers {
		writers.Go(func() error { return write(writing, o.dsn, rows, &next, &written) })
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	marks := []time.Duration{0}
	worker := rollup.Options{BatchSize: o.batch, Poll: 50 * time.Millisecond, Logf: warn, OnBatch: func(batch rollup.Report) {
		n := taken.Add(batch.Taken)
		r.mostWaiting = max(r.mostWaiting, written.Load()-n)
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
	r.written = time.Since(started)
	if err := wait.Wait(); err != nil {
		return result{}, err
	}
	if taken.Load() != rows.rows {
		return result{}, fmt.Errorf("%d of %d rows were taken: %w", taken.Load(), rows.rows, ctx.Err())
	}
	tenth := float64(rows.rows) / 10
	r.done = marks[10]
	r.firstTenth, r.lastTenth = tenth/marks[1].Seconds(), tenth/(marks[10]-marks[9]).Seconds()
	return r, nil
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
		if _, err := conn.PgConn().CopyFrom(ctx, rows.chunk(i), `copy footfall.inbox (`+inboxColumns+`) from stdin`); err != nil {
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

// printSizes reads what tables and indexes take now, and returns a function that prints it.
func printSizes(ctx context.Context, conn *pgx.Conn, events int64) func() {
	rows, err := conn.Query(ctx, `
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
		 order by 1, 3 desc`, float64(events))
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
		fmt.Print("\n| table | part | MB per million events |\n|---|---|---|\n")
		for _, s := range sizes {
			fmt.Printf("| %s | %s | %.1f |\n", s.Of, s.What, s.Bytes)
			sum += s.Bytes
		}
		fmt.Printf("| all | | %.1f |\n", sum)
	}
}

// printStatements prints the statements that took longest.
func printStatements(ctx context.Context, conn *pgx.Conn) error {
	rows, err := conn.Query(ctx, `
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
