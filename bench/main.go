// Command bench asks the same questions of Footfall, of plain SQL on a wide table in the same PostgreSQL, and of DuckDB. All
// three must give the same answers before anything is timed. docs/benchmarks.md has figures.
//
//	go tool mage bench
//
// With rollup as its first argument it measures instead how many events a second go into the store, in whatever order they
// come; with crowd how long many people wait for answers while events come in; with tails what it costs that sessions are not sealed yet.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/bench/crowd"
	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/engine"
	"github.com/footfall-analytics/footfall/bench/load"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/bench/tails"
	"github.com/footfall-analytics/footfall/tools/repo"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

type options struct {
	data     data.Options
	rounds   int
	patience time.Duration // an engine that has taken this long for a question is not asked it again
	sql      bool          // the plain SQL too
	first    bool          // the first answers too, each after a start of all servers
	together int           // how many questions are asked at once at the end
	only     string        // part of questions' names
	dir      string        // where the data stay for the next run
	out      io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	measure, arguments := compareEngines, os.Args[1:]
	if len(arguments) > 0 && others[arguments[0]] != nil {
		measure, arguments = others[arguments[0]], arguments[1:]
	}
	err := enterProject()
	if err == nil {
		err = measure(ctx, arguments)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// others are measured instead, by the first argument.
var others = map[string]func(context.Context, []string) error{"rollup": measureLoad, "crowd": measureCrowd, "tails": measureTails}

// eventFlags are those that tell which events there are.
func eventFlags(name string, o *data.Options) *flag.FlagSet {
	flags := flag.NewFlagSet(name, flag.ExitOnError)
	flags.IntVar(&o.Events, "events", 2_000_000, "how many events")
	flags.Uint64Var(&o.Seed, "seed", 1, "another seed, other events")
	return flags
}

func measureLoad(ctx context.Context, arguments []string) (err error) {
	o := load.Options{Out: os.Stdout}
	flags := eventFlags("bench rollup", &o.Data)
	flags.IntVar(&o.Batch, "batch", 0, "rows of a batch (default: the worker's)")
	flags.StringVar(&o.Scenarios, "run", load.Names(), "scenarios, in this order")
	flags.StringVar(&o.Profile, "cpuprofile", "", "write a CPU profile of the workers to this file")
	flags.BoolVar(&o.Statements, "statements", false, "show what time each statement took")
	flags.StringVar(&o.Pack, "pack", "", "attributes of events that are packed, as price,release")
	_ = flags.Parse(arguments) // ends the program
	if o.Dir, err = tempdir.New("footfall-bench-rollup"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(o.Dir)) }()
	return load.Run(ctx, o)
}

func measureCrowd(ctx context.Context, arguments []string) (err error) {
	o := crowd.Options{Out: os.Stdout}
	flags := eventFlags("bench crowd", &o.Data)
	flags.IntVar(&o.Rate, "rate", 1000, "events that come in each second")
	flags.IntVar(&o.People, "people", 20, "who read dashboards")
	flags.DurationVar(&o.Pause, "pause", 10*time.Second, "between two pages of a person, on average")
	flags.DurationVar(&o.For, "for", 10*time.Minute, "how long")
	flags.DurationVar(&o.Snapshot, "snapshot", 0, "one more person holds a snapshot for so long, again and again, as an export or a dump does")
	_ = flags.Parse(arguments) // ends the program
	if o.Questions, err = queries(""); err != nil {
		return err
	}
	var end func() error
	if o.Dir, o.Executable, end, err = prepare(ctx, "footfall-bench-crowd"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	return crowd.Run(ctx, o)
}

func measureTails(ctx context.Context, arguments []string) (err error) {
	o := tails.Options{Out: os.Stdout}
	flags := eventFlags("bench tails", &o.Data)
	only := flags.String("run", "", "only the questions whose file names contain this")
	list := flags.String("tails", "100000,20000,0", "how many sessions are not sealed, one after another")
	flags.IntVar(&o.Rounds, "rounds", 3, "how often each question is asked with each")
	_ = flags.Parse(arguments) // ends the program
	for text := range strings.SplitSeq(*list, ",") {
		sessions, err := strconv.Atoi(text)
		if err != nil || sessions < 0 {
			return fmt.Errorf("-tails are numbers of sessions with commas between them, not %q", *list)
		}
		o.Tails = append(o.Tails, sessions)
	}
	if o.Questions, err = queries(*only); err != nil {
		return err
	}
	var end func() error
	if o.Dir, o.Executable, end, err = prepare(ctx, "footfall-bench-tails"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	return tails.Run(ctx, o)
}

// queries are the questions that are queries, whose files' names contain a text.
func queries(only string) ([]question.Question, error) {
	questions, err := question.Read(os.DirFS(questionsDir))
	return slices.DeleteFunc(questions, func(q question.Question) bool {
		return q.Preview != nil || q.Refresh || !strings.Contains(q.ID, only)
	}), err
}

// prepare makes a folder, and the plugin's executable in it. end removes it.
func prepare(ctx context.Context, name string) (dir, executable string, end func() error, err error) {
	if dir, err = tempdir.New(name); err != nil {
		return "", "", nil, err
	}
	end = func() error { return os.RemoveAll(dir) }
	executable = filepath.Join(dir, "plugin")
	if err = buildPlugin(ctx, executable); err != nil {
		return "", "", nil, errors.Join(err, end())
	}
	return dir, executable, end, nil
}

func compareEngines(ctx context.Context, arguments []string) error {
	o := options{out: os.Stdout}
	flags := eventFlags("bench", &o.data)
	flags.IntVar(&o.rounds, "rounds", 5, "how often each question is asked of each, after the answers were compared; 0 compares alone")
	flags.DurationVar(&o.patience, "patience", 20*time.Second, "what has taken this long for a question is not asked it again")
	flags.BoolVar(&o.sql, "sql", true, "also plain SQL, which takes minutes for some questions over tens of millions of events")
	flags.BoolVar(&o.first, "first", true, "also the first answer after a start of the servers, for each question")
	flags.IntVar(&o.together, "together", 20, "how many of Footfall's slowest queries are asked at once at the end; 0 leaves it out")
	flags.StringVar(&o.only, "run", "", "only the questions whose file names contain this")
	flags.StringVar(&o.dir, "dir", "", "keep the data in this folder, and use what a run with as many events has left there")
	_ = flags.Parse(arguments) // ends the program
	return run(ctx, o)
}

// questionsDir is where they stand in the project.
var questionsDir = filepath.Join("bench", "questions")

func run(ctx context.Context, o options) (err error) {
	questions, err := question.Read(os.DirFS(questionsDir))
	if err != nil {
		return err
	}
	b, err := begin(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.end()) }()
	if err := b.load(ctx); err != nil {
		return err
	}
	var chosen []question.Question
	for _, q := range questions {
		if strings.Contains(q.ID, o.only) {
			chosen = append(chosen, q)
		}
	}
	return b.ask(ctx, chosen)
}

// bench is a run.
type bench struct {
	options
	work     string // files of this run alone
	store    *engine.Store
	footfall *engine.Footfall
	engines  []engine.Engine
}

// begin starts PostgreSQL and builds the plugin's executable.
func begin(ctx context.Context, o options) (*bench, error) {
	work, err := tempdir.New("footfall-bench")
	if err != nil {
		return nil, err
	}
	b := &bench{options: o, work: work}
	if b.dir == "" {
		b.dir = work
	}
	if err := b.start(ctx); err != nil {
		return nil, errors.Join(err, b.end())
	}
	return b, nil
}

func (b *bench) start(ctx context.Context) error {
	executable := filepath.Join(b.work, "plugin")
	if err := buildPlugin(ctx, executable); err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(b.work, "plugin.log"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(b.dir, 0o755); err != nil {
		return err
	}
	if b.store, err = engine.StartStore(ctx, filepath.Join(b.dir, "postgres")); err != nil {
		return err
	}
	b.footfall = &engine.Footfall{Store: b.store, Executable: executable, Log: log}
	b.engines = []engine.Engine{
		b.footfall, &engine.Wide{Store: b.store}, &engine.DuckDB{File: filepath.Join(b.dir, "events.duckdb")},
	}
	return nil
}

func buildPlugin(ctx context.Context, executable string) error {
	build := exec.CommandContext(ctx, "go", "build", "-o", executable, "./pkg")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the plugin: %w", err)
	}
	return nil
}

// end stops everything and removes the files of this run.
func (b *bench) end() error {
	errs := []error{b.stop()}
	if b.store != nil {
		errs = append(errs, b.store.Stop())
		if b.dir == b.work {
			errs = append(errs, os.RemoveAll(b.store.Dir()))
		}
	}
	return errors.Join(append(errs, os.RemoveAll(b.work))...)
}

func (b *bench) stop() error {
	var errs []error
	for _, e := range b.engines {
		errs = append(errs, e.Stop())
	}
	return errors.Join(errs...)
}

// load makes the events and stores them in each engine, unless the folder has them.
func (b *bench) load(ctx context.Context) error {
	mark := filepath.Join(b.dir, "loaded")
	wanted := fmt.Sprintf("%+v", b.options.data)
	if found, err := os.ReadFile(mark); err == nil {
		if string(found) != wanted {
			return fmt.Errorf("%s has other events, %s: empty it, or name another folder", b.dir, found)
		}
		return nil
	}
	file := filepath.Join(b.work, "events.csv")
	n, err := data.WriteFile(file, b.options.data)
	if err != nil {
		return fmt.Errorf("make events: %w", err)
	}
	b.say("%d events, PostgreSQL %s\n", n, b.store.Version)
	for _, e := range b.engines {
		began := time.Now()
		if err := e.Load(ctx, file); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
		b.say("%s loaded in %.1f s\n", e.Name(), time.Since(began).Seconds())
	}
	if err := os.Remove(file); err != nil {
		return err
	}
	return os.WriteFile(mark, []byte(wanted), 0o644)
}

func (b *bench) say(format string, args ...any) { _, _ = fmt.Fprintf(b.out, format, args...) }

// enterProject makes the project's folder the current one, whose own go.mod is not that of this module.
func enterProject() error {
	module, err := repo.Root()
	if err != nil {
		return err
	}
	if filepath.Base(module) != "bench" {
		return nil
	}
	return os.Chdir(filepath.Dir(module))
}
