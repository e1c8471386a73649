// Package tails measures what it costs a question that sessions are not sealed yet: the same questions, with more and more of the
// sessions in blocks.
package tails

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/engine"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/pkg/store/rollup"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// Options of a run.
type Options struct {
	Data       data.Options
	Tails      []int // how many sessions stay in the tail
	Rounds     int   // how often each question is asked, after once that does not count
	Questions  []question.Question
	Executable string // the plugin's
	Dir        string // for files and the server
	Out        io.Writer
}

// side is what was measured with one of the tails.
type side struct {
	sessions, blocks int64 // in the tail, and how many blocks
	took             map[string]time.Duration
}

// Run fills a store, and asks the questions with each of the tails. An answer that is not the same with all of them is an error.
func Run(ctx context.Context, o Options) (err error) {
	slices.Sort(o.Tails)
	slices.Reverse(o.Tails) // what is sealed stays so
	footfall, events, end, err := engine.Alone(ctx, o.Dir, o.Executable, o.Tails[0], o.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end()) }()
	pool, err := pgxpool.New(ctx, footfall.Store.DSN("postgres"))
	if err != nil {
		return err
	}
	defer pool.Close()
	var sides []side
	answers := map[string]question.Answer{}
	for _, tail := range o.Tails {
		one, err := o.seal(ctx, pool, tail)
		if err != nil {
			return err
		}
		if err := o.measure(ctx, footfall, &one, answers); err != nil {
			return fmt.Errorf("%d sessions in the tail: %w", one.sessions, err)
		}
		sides = append(sides, one)
	}
	o.report(events, footfall.Store.Version, sides)
	return nil
}

// seal bounds the tail.
func (o Options) seal(ctx context.Context, pool *pgxpool.Pool, tail int) (of side, err error) {
	if _, err := pool.Exec(ctx, `update footfall.settings set tail_sessions = $1`, tail); err != nil {
		return of, err
	}
	if _, err := rollup.Drain(ctx, pool, rollup.Options{}); err != nil {
		return of, fmt.Errorf("seal: %w", err)
	}
	if _, err := pool.Exec(ctx, `vacuum (full, analyze) footfall.tail, footfall.blocks, footfall.block_attributes`); err != nil {
		return of, err
	}
	of.took = map[string]time.Duration{}
	return of, pool.QueryRow(ctx, `select (select count(*) from footfall.tail), (select count(*) from footfall.blocks)`).Scan(&of.sessions, &of.blocks)
}

func (o Options) measure(ctx context.Context, footfall *engine.Footfall, of *side, answers map[string]question.Answer) (err error) {
	if err := footfall.Start(ctx); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, footfall.Stop()) }()
	for _, q := range o.Questions {
		var took []time.Duration
		for range o.Rounds + 1 {
			began := time.Now()
			answer, err := footfall.Ask(ctx, q)
			if err != nil {
				return fmt.Errorf("%s: %w", q.Name, err)
			}
			took = append(took, time.Since(began))
			if before := answers[q.ID]; before != nil {
				if difference := question.Difference("before", "now", before, answer); difference != "" {
					return fmt.Errorf("%s: %s", q.Name, difference)
				}
			}
			answers[q.ID] = answer
		}
		rest := took[1:] // the first one does not count
		slices.Sort(rest)
		of.took[q.ID] = rest[len(rest)/2]
	}
	return nil
}

// report prints the medians, in ms.
func (o Options) report(events int64, version string, sides []side) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(o.Out, format, args...) }
	say("%d events, PostgreSQL %s, load average %s\n\n| question |", events, version, machine.Load())
	for _, s := range sides {
		say(" %d in the tail, %d blocks |", s.sessions, s.blocks)
	}
	say("\n|---|%s\n", strings.Repeat("---|", len(sides)))
	for _, q := range o.Questions {
		say("| %s |", q.Name)
		for _, s := range sides {
			say(" %d |", s.took[q.ID].Milliseconds())
		}
		say("\n")
	}
}
