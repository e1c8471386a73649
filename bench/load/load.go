// Package load measures how many events a second go from the inbox into events, sessions and profiles, in whatever order they
// come, and what they take on disk.
package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/pprof"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/engine"
)

// Options of a run.
type Options struct {
	Data       data.Options
	Batch      int       // rows of a batch; 0: the worker's own
	Scenarios  string    // names with commas
	Profile    string    // file for a CPU profile of the workers, if given
	Statements bool      // show what time each statement took
	Pack       string    // names of attributes that are packed, with commas
	Dir        string    // for files and the server
	Out        io.Writer // for tables
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
	inTime = `seconds`
	late   = `seconds + case when random() < 0.1 then random() * 86400 else 0 end`
	again  = `seconds + case when again then random() * 86400 else 0 end`
	random = `random()`
)

var scenarios = []scenario{
	{name: "writers-1", writers: 1, order: inTime},
	{name: "writers-4", writers: 4, order: inTime},
	{name: "writers-16", writers: 16, order: inTime},
	{name: "late", writers: 4, order: late},
	{name: "doubled", writers: 4, order: again, doubled: true},
	{name: "shuffled", writers: 4, order: random},
	{name: "snapshot", writers: 4, order: inTime, snapshot: true},
	{name: "gaps", writers: 4, order: inTime, gaps: true},
	{name: "gaps-late", writers: 4, order: late, gaps: true},
	{name: "gaps-doubled", writers: 4, order: again, doubled: true, gaps: true},
	{name: "gaps-shuffled", writers: 4, order: random, gaps: true},
}

// Names of all scenarios, as Options take them.
func Names() string {
	var list []string
	for _, s := range scenarios {
		list = append(list, s.name)
	}
	return strings.Join(list, ",")
}

func choose(list string) ([]scenario, error) {
	var chosen []scenario
	for name := range strings.SplitSeq(list, ",") {
		at := slices.IndexFunc(scenarios, func(s scenario) bool { return s.name == name })
		if at < 0 {
			return nil, fmt.Errorf("there is no scenario %q; there are %s", name, Names())
		}
		chosen = append(chosen, scenarios[at])
	}
	return chosen, nil
}

// Run plays the scenarios one after another, each into an empty store, and prints a table. However events come, the same
// sessions must come of them: else the run ends with an error.
func Run(ctx context.Context, o Options) (err error) {
	chosen, err := choose(o.Scenarios)
	if err != nil {
		return err
	}
	store, err := engine.StartStore(ctx, filepath.Join(o.Dir, "postgres"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Stop(), os.RemoveAll(store.Dir())) }()
	conn, err := pgx.Connect(ctx, store.DSN("postgres"))
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // nothing is written any more
	if o.Profile != "" {
		file, err := os.Create(o.Profile)
		if err != nil {
			return err
		}
		if err := pprof.StartCPUProfile(file); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	r := &run{Options: o, store: store, conn: conn}
	if err := r.generate(ctx); err != nil {
		return err
	}
	return r.playAll(ctx, chosen)
}

// run is one of Run.
type run struct {
	Options
	store *engine.Store
	conn  *pgx.Conn
	rows  int64 // how many events there are
}

func (r *run) say(format string, args ...any) { _, _ = fmt.Fprintf(r.Out, format, args...) }
