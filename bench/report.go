package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"time"

	"github.com/footfall-analytics/footfall/bench/machine"
	"github.com/footfall-analytics/footfall/bench/question"
)

// result of a question: a side for each engine.
type result struct {
	question question.Question
	sides    []side
}

type side struct {
	first       time.Duration
	took, spent []time.Duration
	memory      int64 // bytes, the most that the plugin's executable had meanwhile
}

func newResult(q question.Question, engines int) *result {
	return &result{question: q, sides: make([]side, engines)}
}

func (s side) sum() (sum time.Duration) {
	for _, took := range s.took {
		sum += took
	}
	return sum
}

// median is the lower one of two in the middle.
func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)/2]
}

// report prints a table as docs/benchmarks.md has it. Times are in ms.
func (b *bench) report(ctx context.Context, results []*result) error {
	for _, e := range b.engines {
		bytes, err := e.Size(ctx)
		if err != nil {
			return fmt.Errorf("%s: size: %w", e.Name(), err)
		}
		b.say("%s takes %d MB on disk\n", e.Name(), bytes>>20)
	}
	b.say("\n%d cores, load average %s at the end\n\n", runtime.NumCPU(), machine.Load())
	b.say("| question | Footfall | SQL | DuckDB | SQL / Footfall | Footfall / DuckDB | first: Footfall, SQL, DuckDB | processor time | memory |\n")
	b.say("|---|---|---|---|---|---|---|---|---|\n")
	var toSQL, toDuckDB []float64
	for _, r := range results {
		footfall, wide, duck := median(r.sides[0].took), median(r.sides[1].took), median(r.sides[2].took)
		toSQL = append(toSQL, float64(wide)/float64(footfall))
		toDuckDB = append(toDuckDB, float64(footfall)/float64(duck))
		b.say("| %s | %s | %s | %s | %s | %s |", r.question.Name, ms(footfall), ms(wide), ms(duck),
			ratio(toSQL[len(toSQL)-1]), ratio(toDuckDB[len(toDuckDB)-1]))
		b.say(" %s, %s, %s |", ms(r.sides[0].first), ms(r.sides[1].first), ms(r.sides[2].first))
		b.say(" %s, %s, %s | %d MB |\n", ms(median(r.sides[0].spent)), ms(median(r.sides[1].spent)), ms(median(r.sides[2].spent)),
			r.sides[0].memory>>20)
	}
	if len(results) == 0 {
		return nil
	}
	slices.Sort(toSQL)
	slices.Sort(toDuckDB)
	b.say("\nMedians of the ratios: SQL / Footfall %s, Footfall / DuckDB %s\n", ratio(toSQL[len(toSQL)/2]), ratio(toDuckDB[len(toDuckDB)/2]))
	return nil
}

func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.0f", d.Seconds()*1000)
}

func ratio(r float64) string {
	if r < 10 {
		return fmt.Sprintf("%.1f", r)
	}
	return fmt.Sprintf("%.0f", r)
}
