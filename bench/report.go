package main

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/tools/machine"
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
	if len(times) == 0 {
		return 0 // it was not asked
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)/2]
}

// reportHead begins a table as docs/benchmarks.md has it. Times are in ms.
func (b *bench) reportHead(ctx context.Context) error {
	for _, e := range b.engines {
		bytes, err := e.Size(ctx)
		if err != nil {
			return fmt.Errorf("%s: size: %w", e.Name(), err)
		}
		b.say("%s takes %d MB on disk\n", e.Name(), bytes>>20)
	}
	b.say("%d cores, load average %s\n\n", runtime.NumCPU(), machine.Load())
	b.say("| question | Footfall | SQL | DuckDB | SQL / Footfall | Footfall / DuckDB | first: Footfall, SQL, DuckDB | processor time | memory |\n")
	b.say("|---|---|---|---|---|---|---|---|---|\n")
	return nil
}

func (b *bench) reportLine(r *result) {
	took, spent, first := make([]string, len(r.sides)), make([]string, len(r.sides)), make([]string, len(r.sides))
	for i, side := range r.sides {
		took[i], spent[i] = told(side.took), told(side.spent)
		if b.first {
			first[i] = ms(side.first)
		}
	}
	list := func(texts []string) string { return strings.Trim(strings.Join(texts, ", "), ", ") }
	b.say("| %s | %s | %s | %s | %s | %s | %d MB |\n", r.question.Name, strings.Join(took, " | "), ratio(r.toSQL()), ratio(r.toDuckDB()),
		list(first), list(spent), r.sides[0].memory>>20)
}

func (b *bench) reportEnd(results []*result) {
	if len(results) == 0 {
		return
	}
	var toSQL, toDuckDB []float64
	for _, r := range results {
		toSQL, toDuckDB = append(toSQL, r.toSQL()), append(toDuckDB, r.toDuckDB())
	}
	slices.Sort(toSQL)
	slices.Sort(toDuckDB)
	b.say("\nMedians of the ratios: SQL / Footfall %s, Footfall / DuckDB %s; load average %s at the end\n",
		ratio(toSQL[len(toSQL)/2]), ratio(toDuckDB[len(toDuckDB)/2]), machine.Load())
}

// toSQL is how many times as long as Footfall the plain SQL takes.
func (r *result) toSQL() float64 {
	return float64(median(r.sides[1].took)) / float64(median(r.sides[0].took))
}

// toDuckDB is how many times as long as DuckDB Footfall takes.
func (r *result) toDuckDB() float64 {
	return float64(median(r.sides[0].took)) / float64(median(r.sides[2].took))
}

// told is the median, where something was asked.
func told(times []time.Duration) string {
	if len(times) == 0 {
		return "–"
	}
	return ms(median(times))
}

func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f", d.Seconds()*1000)
	}
	return fmt.Sprintf("%.0f", d.Seconds()*1000)
}

func ratio(r float64) string {
	if r == 0 {
		return "–"
	}
	if r < 10 {
		return fmt.Sprintf("%.2g", r)
	}
	return fmt.Sprintf("%.0f", r)
}
