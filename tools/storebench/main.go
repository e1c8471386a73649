// Command storebench measures the store: how many events a second go from the inbox into events, sessions and profiles,
// and what they take on disk. docs/benchmarks.md has figures and how they came about.
//
//	go run ./tools/storebench -users 20000
//
// It starts a PostgreSQL of its own, unless -dsn names a database whose schema footfall it may drop. With users as its
// first argument it asks instead what the users page asks, of a store that is there:
//
//	go run ./tools/storebench users -dsn postgres://...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/pprof"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/tools/postgres"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

type options struct {
	dsn       string
	users     int
	days      int
	batch     int
	scenarios string
	profile   string
	explain   bool
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	run := measureStore
	if len(os.Args) > 1 && os.Args[1] == "users" {
		run = measureUsers
	}
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "storebench:", err)
		os.Exit(1)
	}
}

func measureStore(ctx context.Context) (err error) {
	var o options
	flag.StringVar(&o.dsn, "dsn", "", "a database to use; its schema footfall is dropped (default: a server of its own)")
	flag.IntVar(&o.users, "users", 20_000, "users of the demo's web shop; each has some 70 events")
	flag.IntVar(&o.days, "days", 60, "days they stretch over")
	flag.IntVar(&o.batch, "batch", 0, "rows of a batch (default: the worker's)")
	flag.StringVar(&o.scenarios, "run", names(), "scenarios, in this order")
	flag.StringVar(&o.profile, "cpuprofile", "", "write a CPU profile of the workers to this file")
	flag.BoolVar(&o.explain, "statements", false, "show what time each statement took (needs pg_stat_statements with -dsn)")
	flag.Parse()
	chosen, err := choose(o.scenarios)
	if err != nil {
		return err
	}
	dir, err := tempdir.New("footfall-storebench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.dsn == "" {
		server, startErr := startServer(ctx, dir)
		if startErr != nil {
			return startErr
		}
		defer func() { err = errors.Join(err, server.Stop(), os.RemoveAll(server.Dir())) }()
		o.dsn = server.DSN("postgres")
	}
	conn, err := pgx.Connect(ctx, o.dsn)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is written any more
	if o.profile != "" {
		file, err := os.Create(o.profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	return measure(ctx, conn, dir, o, chosen)
}

// startServer starts PostgreSQL with the settings a small server would have; commits are safe.
func startServer(ctx context.Context, dir string) (*postgres.Server, error) {
	install, err := postgres.Find(0)
	if err != nil {
		return nil, err
	}
	fmt.Println("PostgreSQL", install.Version)
	return postgres.Start(ctx, postgres.Options{Install: install, Dir: dir, Durable: true, Settings: []string{
		"shared_buffers=1GB", "max_wal_size=4GB", "checkpoint_timeout=15min", "effective_cache_size=4GB",
		"shared_preload_libraries=pg_stat_statements",
	}})
}

// scenario is a way in which events come.
type scenario struct {
	name     string
	writers  int
	order    string // SQL: the order of arrival
	doubled  bool   // one event in ten comes once more, up to a day later
	snapshot bool   // a reader holds a snapshot all the time
	gaps     bool   // without session ids
}

const (
	inTime = `ts::timestamptz`
	late   = ` + case when random() < 0.1 then random() * interval '1 day' else '0' end`
)

var scenarios = []scenario{
	{name: "writers-1", writers: 1, order: inTime},
	{name: "writers-4", writers: 4, order: inTime},
	{name: "writers-16", writers: 16, order: inTime},
	{name: "late", writers: 4, order: inTime + late},
	{name: "doubled", writers: 4, order: inTime + ` + case when again then random() * interval '1 day' else '0' end`, doubled: true},
	{name: "shuffled", writers: 4, order: `random()`},
	{name: "snapshot", writers: 4, order: inTime, snapshot: true},
	{name: "gaps", writers: 4, order: inTime, gaps: true},
	{name: "gaps-late", writers: 4, order: inTime + late, gaps: true},
	{name: "gaps-shuffled", writers: 4, order: `random()`, gaps: true},
}

func names() string {
	var list []string
	for _, s := range scenarios {
		list = append(list, s.name)
	}
	return strings.Join(list, ",")
}

func choose(list string) ([]scenario, error) {
	var chosen []scenario
	for name := range strings.SplitSeq(list, ",") {
		found := false
		for _, s := range scenarios {
			if s.name == name {
				chosen, found = append(chosen, s), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no scenario %q; there are %s", name, names())
		}
	}
	return chosen, nil
}
