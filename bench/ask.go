package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/footfall-analytics/footfall/bench/engine"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// ask compares all answers, and only then times them.
func (b *bench) ask(ctx context.Context, questions []question.Question) error {
	if err := b.startAll(ctx); err != nil {
		return err
	}
	var errs []error
	var agreed []question.Question
	for _, q := range questions {
		switch err := b.compare(ctx, q); {
		case err == nil:
			agreed = append(agreed, q)
		case errors.Is(err, engine.ErrStopped):
			b.say("NOT COMPARED AND NOT TIMED: %s: %v\n", q.Name, err)
		default:
			errs = append(errs, fmt.Errorf("%s: %w", q.ID, err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	questions = agreed
	b.say("%d questions have the same answers in all\n", len(questions))
	if b.rounds == 0 {
		return nil
	}
	if err := b.reportHead(ctx); err != nil {
		return err
	}
	results := make([]*result, len(questions))
	for i, q := range questions {
		results[i] = newResult(q, len(b.engines))
		if err := b.time(ctx, results[i]); err != nil {
			return fmt.Errorf("%s: %w", q.ID, err)
		}
		b.reportLine(results[i])
	}
	b.reportEnd(results)
	return b.askTogether(ctx, results)
}

// asked are the engines but for plain SQL where that is left out, by their place among all.
func (b *bench) asked() iter.Seq2[int, engine.Engine] {
	return func(yield func(int, engine.Engine) bool) {
		for i, e := range b.engines {
			if (b.sql || e.Name() != question.Postgres) && !yield(i, e) {
				return
			}
		}
	}
}

// time times one question.
func (b *bench) time(ctx context.Context, r *result) error {
	if b.first {
		if err := b.timeFirst(ctx, r); err != nil {
			return err
		}
	}
	return b.timeRounds(ctx, r)
}

func (b *bench) startAll(ctx context.Context) error {
	for _, e := range b.engines {
		if err := e.Start(ctx); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	return nil
}

// compare wants the same answer, with something in it, of all engines.
func (b *bench) compare(ctx context.Context, q question.Question) error {
	var first question.Answer
	for i, e := range b.asked() {
		answer, err := e.Ask(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
		if i == 0 {
			first = answer
			if answer.IsEmpty() {
				return fmt.Errorf("%s found nothing, which compares nothing", e.Name())
			}
		}
		if difference := question.Difference(b.engines[0].Name(), e.Name(), first, answer); difference != "" {
			return fmt.Errorf("the answers differ: %s", difference)
		}
	}
	return nil
}

// timeFirst asks a question once of each engine after a start of its servers. Nothing is in their memory then; files that the
// operating system has read before stay in its memory, which only its administrator can empty.
func (b *bench) timeFirst(ctx context.Context, r *result) error {
	for i, e := range b.asked() {
		if err := b.stop(); err != nil {
			return err
		}
		if err := b.store.Again(ctx); err != nil {
			return err
		}
		if err := e.Start(ctx); err != nil {
			return err
		}
		began := time.Now()
		if _, err := e.Ask(ctx, r.question); err != nil {
			return fmt.Errorf("%s: %w", e.Name(), err)
		}
		r.sides[i].first = time.Since(began)
	}
	if err := b.stop(); err != nil {
		return err
	}
	return b.startAll(ctx)
}

// timeRounds asks a question of each engine in turn, so that what else the machine does meets all alike. The first round counts
// only for an engine that is too slow to be asked again.
func (b *bench) timeRounds(ctx context.Context, r *result) error {
	for round := range b.rounds + 1 {
		for i, e := range b.asked() {
			if side := &r.sides[i]; side.sum() < b.patience {
				if err := b.timeOne(ctx, e, r.question, side, round == 0); err != nil {
					return fmt.Errorf("%s: %w", e.Name(), err)
				}
			}
		}
	}
	return nil
}

func (b *bench) timeOne(ctx context.Context, e engine.Engine, q question.Question, side *side, isWarming bool) error {
	if e == engine.Engine(b.footfall) {
		machine.ForgetPeak(b.footfall.Process())
	}
	before, began := e.Spent(), time.Now()
	if _, err := e.Ask(ctx, q); err != nil {
		return err
	}
	took := time.Since(began)
	spent := e.Spent() - before
	if e == engine.Engine(b.footfall) {
		side.memory = max(side.memory, machine.PeakMemory(b.footfall.Process()))
	}
	if !isWarming || took >= b.patience {
		side.took, side.spent = append(side.took, took), append(side.spent, spent)
	}
	return nil
}
