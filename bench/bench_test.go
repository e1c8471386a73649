package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/footfall-analytics/footfall/bench/crowd"
	"github.com/footfall-analytics/footfall/bench/data"
	"github.com/footfall-analytics/footfall/bench/load"
	"github.com/footfall-analytics/footfall/bench/question"
	"github.com/footfall-analytics/footfall/bench/tails"
	"github.com/footfall-analytics/footfall/tools/tempdir"
)

// All questions have the same answers in all engines, and are timed; an answer that differs is shown beside the other.
func TestAllAgree(t *testing.T) {
	t.Chdir("..")
	var out bytes.Buffer
	b, err := begin(t.Context(), options{data: data.Options{Events: 20_000, Seed: 1}, rounds: 1, together: 20, out: &out})
	require.NoError(t, err)
	defer func() { require.NoError(t, b.end()) }()
	require.NoError(t, b.load(t.Context()))
	questions, err := question.Read(os.DirFS(questionsDir))
	require.NoError(t, err)
	require.Greater(t, len(questions), 20)
	require.NoError(t, b.ask(t.Context(), questions), out.String())
	require.Contains(t, out.String(), "\n20 of the slowest at once, ")
	for _, q := range questions {
		require.Contains(t, out.String(), "\n| "+q.Name+" | ")
		if q.ID == "per_release" {
			q.SQL[question.DuckDB] = strings.Replace(q.SQL[question.DuckDB], "count(*)", "count(*) + 1", 1)
			err := b.compare(t.Context(), q)
			require.ErrorContains(t, err, "only in footfall:\n  1.4 | ")
			require.ErrorContains(t, err, "only in duckdb:\n  1.4 | ")
		}
	}
}

// The same sessions come of the same events, in whatever order they come.
func TestRollUpIsMeasured(t *testing.T) {
	t.Chdir("..")
	dir, err := tempdir.New("footfall-bench-rollup")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	var out bytes.Buffer
	o := load.Options{
		Data: data.Options{Events: 2_000, Seed: 1}, Scenarios: "writers-1,doubled,gaps,gaps-shuffled", Statements: true, Dir: dir, Out: &out,
	}
	require.NoError(t, load.Run(t.Context(), o), out.String())
	require.Contains(t, out.String(), "\n| gaps-shuffled | 2")
	require.Contains(t, out.String(), "| sessions | sessions_tokens |")
	o.Scenarios = "sideways"
	require.ErrorContains(t, load.Run(t.Context(), o), `there is no scenario "sideways"`)
}

// People wait, events come in, and both are told.
func TestACrowdIsMeasured(t *testing.T) {
	t.Chdir("..")
	dir, err := tempdir.New("footfall-bench-crowd")
	require.NoError(t, err)
	defer func() { require.NoError(t, os.RemoveAll(dir)) }()
	questions, err := question.Read(os.DirFS(questionsDir))
	require.NoError(t, err)
	chosen := slices.DeleteFunc(questions, func(q question.Question) bool { return q.ID != "pathways" && q.ID != "per_page" })
	var out bytes.Buffer
	o := crowd.Options{
		Data: data.Options{Events: 5_000, Seed: 1}, Rate: 100, People: 3, Pause: 100 * time.Millisecond, For: 6 * time.Second, Snapshot: 2 * time.Second,
		Questions: chosen, Executable: filepath.Join(dir, "plugin"), Dir: dir, Out: &out,
	}
	require.NoError(t, buildPlugin(t.Context(), o.Executable))
	require.NoError(t, crowd.Run(t.Context(), o), out.String())
	require.Regexp(t, `\n\| \*\*all\*\* \| [1-9]\d* \| [1-9]\d* `, out.String())
	require.Regexp(t, `\n0 failed\..*, and [1-9]\d* connections`, out.String())
	require.Regexp(t, `\n\| 5s \| [1-9]\d* \| \d\.\d, \d\.\d \|`, out.String())
	require.Regexp(t, `\n[4-7]\d\d events came in, [1-9]\d* were rolled up`, out.String())
	o.Questions = []question.Question{{ID: "wrong", Name: "wrong", QueryType: "explorer", Options: []byte(`{"over": "nothing"}`)}}
	require.ErrorContains(t, crowd.Run(t.Context(), o), "wrong: ")
}

// However many sessions are sealed, the answers are the same, and each has a column.
func TestTailsAreMeasured(t *testing.T) {
	t.Chdir("..")
	var out bytes.Buffer
	o := tails.Options{Data: data.Options{Events: 5_000, Seed: 1}, Tails: []int{0, 300, 100}, Rounds: 1, Out: &out}
	var err error
	o.Questions, err = queries("per_")
	require.NoError(t, err)
	var end func() error
	o.Dir, o.Executable, end, err = prepare(t.Context(), "footfall-bench-tails")
	require.NoError(t, err)
	defer func() { require.NoError(t, end()) }()
	require.NoError(t, tails.Run(t.Context(), o), out.String())
	require.Regexp(t, `(?m)^\| question \| 2\d\d in the tail, [1-9]\d* blocks \| 100 in the tail, [1-9]\d* blocks \| 0 in the tail, [1-9]\d* blocks \|$`, out.String())
	require.Regexp(t, `(?m)^\| events, users and sessions per page, 30 days \| \d+ \| \d+ \| \d+ \|$`, out.String())
}
