// Command blocks asks how fast two of the dearest questions over many sessions could be, were sessions packed by the
// thousand into columns: a bare program to decide with, which no part of Footfall uses. It draws the benchmark's events,
// packs their sessions in several layouts, stores them in a PostgreSQL, and answers both questions from there in Go. All
// answers are compared with ones counted plainly from the events before anything is told.
//
//	cd bench && go run ./blocks -events 20000000
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/engine"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// layouts that are compared: the one that is meant, then each of its choices taken back.
var layouts = []layout{
	{name: "16 buckets, 2,048 sessions, local tokens", buckets: 16, sessions: 2048, local: true},
	{name: "16 buckets, 8,192 sessions, local tokens", buckets: 16, sessions: 8192, local: true},
	{name: "16 buckets, 2,048 sessions, tokens as they are", buckets: 16, sessions: 2048},
	{name: "1 bucket, 2,048 sessions, local tokens", buckets: 1, sessions: 2048, local: true},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() (err error) {
	events := flag.Int("events", 2_000_000, "how many events")
	rounds := flag.Int("rounds", 5, "how often each question is asked; the median is told")
	workers := flag.Int("workers", runtime.GOMAXPROCS(0), "how many buckets are looked at at once")
	flag.Parse()
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "footfall-blocks-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	store, err := engine.StartStore(ctx, dir)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Stop()) }()

	w := sessionsOf(data.Options{Events: *events, Seed: 1})
	perDay, three := w.perDayAndPage(), w.usersWhoDid(times)
	fmt.Printf("%d events, %d sessions, %d users, %d tokens, %d workers\n", w.events, len(w.sessions), w.users, len(w.tokens), *workers)
	for _, l := range layouts {
		size, took, err := l.store(ctx, store, w)
		if err != nil {
			return err
		}
		a := asker{dsn: store.DSN("postgres"), layout: l, world: w, workers: *workers}
		dayTimes, err := repeat(*rounds, func() error { return same(a.perDayAndPage(ctx))(perDay) })
		if err != nil {
			return fmt.Errorf("%s: per day and page: %w", l.name, err)
		}
		didTimes, err := repeat(*rounds, func() error { return same(a.usersWhoDid(ctx, times))(three) })
		if err != nil {
			return fmt.Errorf("%s: did three times: %w", l.name, err)
		}
		fmt.Printf("%-48s %5.2f B an event, packed in %v; per day and page with users, 30 days: %v; did three times, all: %v\n",
			l.name, float64(size)/float64(w.events), took.Round(time.Millisecond), dayTimes, didTimes)
	}
	return nil
}

// times is how often the second question wants its event.
const times = 3

// measured are medians: of the clock, and of this program's processor time.
type measured struct{ clock, processor time.Duration }

func (m measured) String() string { return fmt.Sprintf("%v (processor %v)", m.clock, m.processor) }

// repeat takes the medians, after a first time that does not count.
func repeat(rounds int, ask func() error) (measured, error) {
	var clock, processor []time.Duration
	for i := range rounds + 1 {
		start, before := time.Now(), machine.Spent(os.Getpid())
		if err := ask(); err != nil {
			return measured{}, err
		}
		if i > 0 {
			clock, processor = append(clock, time.Since(start)), append(processor, machine.Spent(os.Getpid())-before)
		}
	}
	return measured{median(clock), median(processor)}, nil
}

func median(list []time.Duration) time.Duration {
	slices.Sort(list)
	return list[len(list)/2].Round(time.Millisecond)
}
