package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/tools/machine"
)

// askTogether asks Footfall its slowest questions all at once, after a start, as people do who open their dashboards at the same
// time: how much memory the executable takes then over what it has at rest, and how long each waits. Previews are not among
// them, since each person has one at a time.
func (b *bench) askTogether(ctx context.Context, results []*result) error {
	slowest := slowestQueries(results, b.together)
	if len(slowest) == 0 {
		return nil
	}
	if err := b.footfall.Stop(); err != nil {
		return err
	}
	if err := b.footfall.Start(ctx); err != nil {
		return err
	}
	base := machine.PeakMemory(b.footfall.Process())
	b.say("\n%d of the slowest at once, executable at rest %d MB:\n", len(slowest), base>>20)
	for range b.rounds {
		waited, err := b.askAll(ctx, slowest)
		if err != nil {
			return err
		}
		slices.Sort(waited)
		b.say("median wait %s ms, longest %s ms, at most %d MB above rest; load average %s\n", ms(median(waited)),
			ms(waited[len(waited)-1]), (machine.PeakMemory(b.footfall.Process())-base)>>20, machine.Load())
	}
	return nil
}

// askAll sends all questions at the same moment, and returns how long each took.
func (b *bench) askAll(ctx context.Context, questions []question.Question) ([]time.Duration, error) {
	waited := make([]time.Duration, len(questions))
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for i, q := range questions {
		group.Go(func() error {
			if _, err := b.footfall.Ask(ctx, q); err != nil {
				return fmt.Errorf("%s, asked with others: %w", q.ID, err)
			}
			waited[i] = time.Since(began)
			return nil
		})
	}
	return waited, group.Wait()
}

// slowestQueries are at most n of those that are asked as queries, the slowest first.
func slowestQueries(results []*result, n int) (slowest []question.Question) {
	sorted := slices.SortedStableFunc(slices.Values(results), func(a, b *result) int {
		return cmp.Compare(median(b.sides[0].took), median(a.sides[0].took))
	})
	for _, r := range sorted {
		if q := r.question; q.Preview == nil && !q.Refresh && len(slowest) < n {
			slowest = append(slowest, q)
		}
	}
	return slowest
}
