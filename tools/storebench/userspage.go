package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/tools/machine"
)

// usersOptions say what to ask of which store.
type usersOptions struct {
	dsn   string
	times int
	only  string // part of questions' names
	parts bool
}

// measureUsers reads the options of the command line.
func measureUsers(ctx context.Context) error {
	var o usersOptions
	flags := flag.NewFlagSet("storebench users", flag.ExitOnError)
	flags.StringVar(&o.dsn, "dsn", "", "the database; postgres://user:password@host:port/name")
	flags.IntVar(&o.times, "times", 20, "how often each question is asked, after two times that do not count")
	flags.StringVar(&o.only, "run", "", "only the questions whose names contain this")
	flags.BoolVar(&o.parts, "parts", false, "time each of a question's queries by itself too")
	_ = flags.Parse(os.Args[2:]) // ends the program
	if o.dsn == "" || o.times < 1 {
		return errors.New("users needs -dsn, and -times of at least 1")
	}
	return measureUsersPage(ctx, o)
}

// measureUsersPage asks a store all that the users page asks, and prints how long the answers took. It changes nothing.
func measureUsersPage(ctx context.Context, o usersOptions) (err error) {
	conn, err := pgx.Connect(ctx, o.dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing was written
	store, err := describe(ctx, conn)
	if err != nil {
		return err
	}
	backend, err := startPlugin(conn.Config())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, backend.stop()) }()
	fmt.Printf("%d users, PostgreSQL %s; each question %d times\n\n", store.users, store.version, o.times)
	fmt.Println("| question | p50 | p95 | processor time | load | naive SQL |\n|---|---|---|---|---|---|")
	for _, q := range questionsOf(store) {
		if !strings.Contains(q.name, o.only) {
			continue
		}
		if err := measureQuestion(ctx, backend, conn, q, o); err != nil {
			return fmt.Errorf("%s: %w", q.name, err)
		}
	}
	return nil
}

func measureQuestion(ctx context.Context, backend *pluginClient, conn *pgx.Conn, q question, o usersOptions) error {
	if err := printTimes(ctx, conn, q.name, o.times, func() error { return backend.ask(ctx, q) }); err != nil {
		return err
	}
	if len(q.naive) == 0 {
		fmt.Println(" |")
	} else {
		start := time.Now() // once is enough to see its size: it takes long
		if err := runAll(ctx, conn, q.naive); err != nil {
			return fmt.Errorf("naive SQL: %w", err)
		}
		fmt.Printf(" %d ms |\n", time.Since(start).Milliseconds())
	}
	if !o.parts {
		return nil
	}
	for _, target := range q.targets {
		alone := question{targets: []queryTarget{target}}
		if err := printTimes(ctx, conn, "- "+target.refID, o.times, func() error { return backend.ask(ctx, alone) }); err != nil {
			return err
		}
		fmt.Println(" |")
	}
	return nil
}

// uncounted is how often a question is asked before it is measured.
const uncounted = 2

// printTimes begins a line of the table.
func printTimes(ctx context.Context, conn *pgx.Conn, name string, times int, f func() error) error {
	before, err := readCPU(ctx, conn)
	if err != nil {
		return err
	}
	took, err := measureTimes(times, f)
	if err != nil {
		return err
	}
	after, err := readCPU(ctx, conn)
	spent := (after.own - before.own + after.server - before.server) / time.Duration(times+uncounted)
	fmt.Printf("| %s | %s | %s | %d ms | %s |", name, inMs(took, 50), inMs(took, 95), spent.Milliseconds(), machine.Load())
	return err
}

// measureTimes returns how long f took each time, sorted, without the first ones.
func measureTimes(times int, f func() error) ([]time.Duration, error) {
	var took []time.Duration
	for i := range times + uncounted {
		start := time.Now()
		if err := f(); err != nil {
			return nil, err
		}
		if i >= uncounted {
			took = append(took, time.Since(start))
		}
	}
	slices.Sort(took)
	return took, nil
}

// inMs is the percentile of sorted times: the smallest that so many in a hundred do not exceed.
func inMs(sorted []time.Duration, percentile int) string {
	rank := (len(sorted)*percentile + 99) / 100
	return fmt.Sprintf("%d ms", sorted[rank-1].Milliseconds())
}

// runAll reads all rows of some statements, one after another.
func runAll(ctx context.Context, conn *pgx.Conn, statements []string) error {
	for _, sql := range statements {
		rows, err := conn.Query(ctx, sql)
		if err != nil {
			return err
		}
		for rows.Next() { // what they hold is of no interest
		}
		if err := rows.Err(); err != nil {
			return err
		}
	}
	return nil
}
